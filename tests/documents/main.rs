//! What documents say of operations: what the guard enforces, and what their authors wrote.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod aide_operations;
mod json_document;
mod schemes;
mod utoipa_paths;
