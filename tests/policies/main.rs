//! The language of policies, through the router: who gets in, who does not, and with what answer.

#![allow(clippy::panic, clippy::unwrap_used, reason = "what fails here is a failed test")]

mod api;
mod checks;
mod demands;
mod forwarded;
mod fragments;
mod matrix;
mod panics;
mod paths;
mod routes;
mod two_crates;
