//! The tokens that a test makes without a client.

use std::sync::PoisonError;

use super::{AUDIENCE, AuthorizationServer};
use crate::token::TokenBuilder;

impl AuthorizationServer {
    /// Returns a builder for a token of this issuer.
    pub fn token(&self) -> TokenBuilder {
        self.standard_token().in_format_of(&self.settings)
    }

    /// Returns a builder for a token in the format of RFC 9068, regardless of the provider.
    pub(crate) fn standard_token(&self) -> TokenBuilder {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        TokenBuilder::new(&keys, &self.issuer, AUDIENCE)
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
