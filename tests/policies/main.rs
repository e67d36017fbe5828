//! Tests the policy language through the router.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod api;
mod checks;
mod decisions;
mod demands;
mod forwarding;
mod fragments;
mod matrix;
mod panics;
mod paths;
mod routes;
mod services;
mod states;
mod two_crates;
mod wrappers;
