//! The token response (RFC 6749 section 5.1).

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::grant::Grant;

#[derive(Serialize)]
pub(super) struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    expires_in: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refresh_token: Option<String>,
    /// The ID token (OpenID Connect Core section 3.1.3.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id_token: Option<String>,
    /// The granted scopes. The response omits an empty `scope`, because `scope` must have at least
    /// one value (RFC 6749 section 3.3).
    #[serde(skip_serializing_if = "String::is_empty")]
    scope: String,
    /// The granted details (RFC 9396 section 7).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authorization_details: Vec<Value>,
}

impl TokenResponse {
    /// Returns a response with an access token alone.
    pub(super) fn new(access_token: String, lifetime: Duration, grant: &Grant) -> Self {
        Self {
            access_token,
            token_type: grant.confirmation.token_type(),
            expires_in: lifetime.as_secs(),
            refresh_token: None,
            id_token: None,
            scope: grant.access.scope.join(" "),
            authorization_details: grant.access.details.clone(),
        }
    }
}
