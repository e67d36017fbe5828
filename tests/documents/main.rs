//! Tests OpenAPI documents, which combine the access rules of the guards with the texts of the
//! authors.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod aide_operations;
mod api_keys;
mod cookies;
mod guards;
mod json_document;
mod proofs;
mod published_document;
mod schemes;
mod utoipa_paths;
