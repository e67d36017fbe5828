//! Tests the policy language through the router.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod api;
mod checks;
mod computed_paths;
mod cors;
mod decisions;
mod demands;
mod forwarding;
mod fragments;
mod guards;
mod matrix;
mod panics;
mod paths;
mod routes;
mod two_crates;
mod unknown_routes;
mod wrappers;
