//! The token response (RFC 6749 section 5.1).

use serde::Serialize;

use crate::token::LIFETIME;

#[derive(Serialize)]
pub(super) struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    expires_in: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// The granted scopes. The response omits an empty `scope`, because `scope` must have at least
    /// one value (RFC 6749 section 3.3).
    #[serde(skip_serializing_if = "String::is_empty")]
    scope: String,
}

impl TokenResponse {
    pub(super) fn new(
        access_token: String,
        refresh_token: Option<String>,
        scope: &[String],
    ) -> Self {
        Self {
            access_token,
            token_type: "Bearer",
            expires_in: LIFETIME.as_secs(),
            refresh_token,
            scope: scope.join(" "),
        }
    }
}
