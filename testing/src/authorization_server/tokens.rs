//! The tokens that a test makes without a client.

use std::sync::PoisonError;

use super::logout_token::logout_token;
use super::{AUDIENCE, AuthorizationServer};
use crate::event_transmitter::SecurityEventBuilder;
use crate::signing_keys::SigningKeys;
use crate::token::TokenBuilder;

impl AuthorizationServer {
    /// Returns a builder for a token of this issuer.
    pub fn token(&self) -> TokenBuilder {
        self.standard_token().in_format_of(&self.settings)
    }

    /// Returns a builder for a token in the format of RFC 9068, regardless of the provider.
    pub(crate) fn standard_token(&self) -> TokenBuilder {
        TokenBuilder::new(&self.current_keys(), &self.issuer, AUDIENCE)
    }

    /// Returns a builder for a logout token of this issuer for this client: the provider has ended the
    /// session `session-1` of `alice` (OpenID Connect Back-Channel Logout 1.0 section 2.4).
    ///
    /// ```no_run
    /// # fn example(issuer: axum_protected_testing::AuthorizationServer) {
    /// let of_session = issuer.logout_token("shop").claim("sid", "session-2").sign();
    /// let of_user = issuer.logout_token("shop").subject("bob").without("sid").sign();
    /// # }
    /// ```
    pub fn logout_token(&self, client_id: &str) -> TokenBuilder {
        let token = TokenBuilder::new(&self.current_keys(), &self.issuer, client_id);
        logout_token(token, "alice", "session-1")
    }

    /// Returns a builder for a security event token of this issuer with an event of this type (RFC
    /// 8417), for the audience `https://api.example.com`.
    ///
    /// ```no_run
    /// # fn example(issuer: axum_protected_testing::AuthorizationServer) {
    /// use serde_json::json;
    ///
    /// let event = issuer
    ///     .security_event("https://schemas.openid.net/secevent/caep/event-type/session-revoked")
    ///     .subject(json!({ "format": "iss_sub", "iss": issuer.issuer(), "sub": "alice" }))
    ///     .sign();
    /// # }
    /// ```
    pub fn security_event(&self, event_type: &str) -> SecurityEventBuilder {
        SecurityEventBuilder::new(&self.current_keys(), &self.issuer, AUDIENCE, event_type)
    }

    fn current_keys(&self) -> SigningKeys {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns a builder for an opaque token of this issuer, with the claims of
    /// [`token`](Self::token). Protected resources learn the claims at the introspection endpoint. The
    /// server keeps the newest 10,000 opaque tokens.
    ///
    /// ```no_run
    /// # fn example(issuer: axum_protected_testing::AuthorizationServer) {
    /// let token = issuer.opaque_token().subject("alice").scope("items:read").sign();
    /// assert_eq!(token.len(), 43);
    /// # }
    /// ```
    pub fn opaque_token(&self) -> TokenBuilder {
        self.token().opaque(&self.tokens)
    }

    /// Revokes an access token of either kind: the introspection endpoint calls it inactive. The
    /// server knows the newest 10,000 revoked tokens.
    pub fn revoke(&self, access_token: &str) {
        self.tokens.revoke(access_token);
    }
}
