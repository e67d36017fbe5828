//! Emits the events of a backend, with the target `axum_protected_browser`.
//!
//! The names of events and fields are stable. Fields contain no token, code, state or cookie, and
//! nothing about the user.

mod logout;
mod sessions;
mod sign_in;

pub(crate) use self::logout::{
    access_token_not_revoked, backchannel_logout, backchannel_logout_failed, logout,
    logout_without_provider, refresh_token_not_revoked,
};
pub(crate) use self::sessions::{
    endings_forgotten, id_token_not_verified, session_lost, session_not_ended, session_not_read,
    session_not_renewed, session_not_saved, session_of_other_subject, session_refused,
    session_renewed, session_too_long,
};
pub(crate) use self::sign_in::{
    return_address_replaced, sign_in_began, sign_in_completed, sign_in_failed,
};

/// The `tracing` target of all events, in place of the module path.
const TARGET: &str = "axum_protected_browser";
