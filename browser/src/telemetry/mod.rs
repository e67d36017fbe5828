//! Emits the events of a backend, with the target `axum_protected_browser`.
//!
//! The names of events and fields are stable. Fields contain no token, code, state or cookie, and
//! nothing about the user.

mod sign_in;

pub(crate) use self::sign_in::{
    return_address_replaced, sign_in_began, sign_in_completed, sign_in_failed,
};

/// The `tracing` target of all events, in place of the module path.
const TARGET: &str = "axum_protected_browser";
