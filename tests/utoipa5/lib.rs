//! An API that a crate with utoipa 5 documents. The tests document the same handlers with utoipa 6,
//! in a crate that has both releases.

#[allow(
    clippy::exhaustive_enums,
    clippy::exhaustive_structs,
    clippy::unused_async,
    missing_debug_implementations,
    missing_docs,
    reason = "the tests alone use the items"
)]
pub mod items;
