//! Hidden items that the crate `axum-protected-testing` uses. Applications must not use these
//! items.

use reqwest::Url;

pub use crate::policy::testing::{ClaimsVerdict, claims_for, verdict};

/// Returns true if the text is one scope-token (RFC 6749 section 3.3).
#[must_use]
pub fn is_scope_token(text: &str) -> bool {
    crate::granted_scopes::is_scope_token(text)
}

/// Returns true if the URL contains neither a user name nor a password, and its scheme is `https`,
/// or `http` with a host that is this machine.
#[must_use]
pub fn is_permitted(url: &Url) -> bool {
    crate::keys::is_permitted(url)
}
