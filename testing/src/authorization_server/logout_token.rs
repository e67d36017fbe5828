//! The logout token (OpenID Connect Back-Channel Logout 1.0 section 2.4).

use std::time::Duration;

use serde_json::json;

use super::id_token::ALGORITHM;
use crate::token::TokenBuilder;

/// The lifetime of a logout token. Section 4 recommends two minutes at most.
const LIFETIME: Duration = Duration::from_secs(120);

/// Changes an access token whose audience is the client into a logout token.
pub(super) fn logout_token(token: TokenBuilder, subject: &str, session: &str) -> TokenBuilder {
    token
        .valid_for(LIFETIME)
        .algorithm(ALGORITHM)
        .header("typ", "logout+jwt")
        .subject(subject)
        .without("client_id")
        .claim("sid", session)
        .claim("events", json!({ "http://schemas.openid.net/event/backchannel-logout": {} }))
}
