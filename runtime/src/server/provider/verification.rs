//! Verifies ID tokens and logout tokens with the keys of the issuer.

use super::Provider;
use crate::openid::{IdToken, IdTokenExpectation, Kind, LogoutToken, OpenIdError};
use crate::token::{Compact, Header};

impl Provider {
    /// Verifies the ID token of a token response.
    ///
    /// Accepted are the asymmetric algorithms among those of the issuer's settings. The keys are those
    /// with which the server verifies access tokens, so a key that the provider has just published is
    /// fetched. The leeway is that of the server, and at least one minute for an `iat` in the future.
    ///
    /// `typ` in the header must be `JWT` or absent. Each of the claims `typ`, `token_use` and
    /// `token_type` must name an ID token or be absent. `c_hash` and `s_hash` are ignored, because
    /// they protect other flows than that of the code. `auth_time` is ignored.
    ///
    /// # Errors
    ///
    /// Returns an error for the first rule that the token fails. The signature is checked last, so
    /// that other rules fail without waiting for keys.
    pub async fn verify_id_token(
        &self,
        text: &str,
        expected: &IdTokenExpectation<'_>,
    ) -> Result<IdToken, OpenIdError> {
        let read = |token: &Compact<'_>, header: &Header<'_>| {
            let context = self.issuer.openid_context(self.now());
            IdToken::read(&token.claims, header.algorithm, &context, expected)
        };
        let verified = self.issuer.verify_openid_token(text, IdToken::accepts_type, read).await;
        verified.map_err(|reason| OpenIdError::new(Kind::IdToken, reason))
    }

    /// Verifies a logout token for the client.
    ///
    /// Algorithms, keys and leeway are those of [`verify_id_token`](Self::verify_id_token). The token
    /// must not be older than 10 minutes, apart from the leeway. The caller decides about a token
    /// that is presented again: to end a session twice does no harm.
    ///
    /// # Errors
    ///
    /// Returns an error for the first rule that the token fails.
    pub async fn verify_logout_token(
        &self,
        text: &str,
        client_id: &str,
    ) -> Result<LogoutToken, OpenIdError> {
        self.issuer.verify_logout_token(text, &[client_id], self.now()).await
    }
}
