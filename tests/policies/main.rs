//! Tests the policy language through the router.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod api;
mod checks;
mod computed_paths;
mod constants;
mod cookie_matrix;
mod cors;
mod decisions;
mod declared_values;
mod demands;
mod details;
mod forwarding;
mod fragments;
mod generic_state;
mod guard_challenges;
mod guards;
mod loaded;
mod matrix;
mod pages;
mod panics;
mod paths;
mod possession_matrix;
mod proofs;
mod random_routes;
mod routes;
mod services;
mod states;
mod two_crates;
mod unknown_routes;
mod wrappers;
