//! The language of policies, through the router: who gets in, who does not, and with what answer.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod api;
mod checks;
mod demands;
mod forwarding;
mod fragments;
mod matrix;
mod panics;
mod paths;
mod routes;
