//! What documents say of operations: what the guard enforces, and what their authors wrote.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what fails here is a failed test"
)]

mod utoipa_paths;
