//! Verifies what an OpenID provider signs besides access tokens, with the keys of the issuer.

use std::time::SystemTime;

use super::trusted_issuer::TrustedIssuer;
use super::verification::candidate::parse;
use crate::openid::{Context, Kind, LogoutToken, OpenIdError, Reason};
use crate::token::{Compact, Header};

impl TrustedIssuer {
    /// Verifies a logout token for one of these clients. The token must not be older than 10 minutes,
    /// apart from the leeway.
    pub(super) async fn verify_logout_token(
        &self,
        text: &str,
        client_ids: &[impl AsRef<str>],
        now: SystemTime,
    ) -> Result<LogoutToken, OpenIdError> {
        let read = |token: &Compact<'_>, _: &Header<'_>| {
            LogoutToken::read(&token.claims, &self.openid_context(now), client_ids)
        };
        let verified = self.verify_openid_token(text, LogoutToken::accepts_type, read).await;
        verified.map_err(|reason| OpenIdError::new(Kind::LogoutToken, reason))
    }

    /// Verifies a token whose rules the two functions contain. The signature is checked last, so that
    /// other rules fail without waiting for keys.
    pub(super) async fn verify_openid_token<T>(
        &self,
        text: &str,
        accepts_type: fn(Option<&str>) -> bool,
        read: impl FnOnce(&Compact<'_>, &Header<'_>) -> Result<T, Reason>,
    ) -> Result<T, Reason> {
        let token = parse(text)?;
        let algorithms = self.asymmetric_algorithms();
        let header = Header::read_as(token.header.root(), &algorithms, accepts_type)?;
        let claims = read(&token, &header)?;
        self.verify_signature_of_message(&header, &token).await?;
        Ok(claims)
    }

    pub(super) fn openid_context(&self, now: SystemTime) -> Context<'_> {
        Context { issuer: &self.identifier, rules: &self.rules, now }
    }
}
