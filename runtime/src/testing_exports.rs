//! Private items that `axum-protected-testing` needs. Not for use by hand.

use reqwest::Url;

pub use crate::policy::testing::{ClaimsVerdict, claims_for, verdict};

/// Returns whether the text is one scope-token (RFC 6749 section 3.3).
#[must_use]
pub fn is_scope_token(text: &str) -> bool {
    crate::scope::is_scope_token(text)
}

/// Returns whether a URL is `https`, or `http` on the same machine, and has no user name or password.
#[must_use]
pub fn is_permitted(url: &Url) -> bool {
    crate::keys::is_permitted(url)
}
