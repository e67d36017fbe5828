//! Tests the access rules of the payments API, and the program as a process.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test may fail")]

mod access;
mod api;
mod configuration;
mod consent;
mod demonstration;
#[path = "../../payments-api/payments/mod.rs"]
mod payments;
mod payments_made;
#[path = "../program/mod.rs"]
mod program;
mod proofs;
