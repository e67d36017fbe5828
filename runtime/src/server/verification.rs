//! Verifies the text of a token. For a cached token, the signature is not verified again.

pub(super) mod candidate;
mod questions;
pub(super) mod signature_check;
pub(super) mod signature_wait;

use std::sync::Arc;
use std::time::SystemTime;

use tokio::time::Instant;

use self::candidate::parse;
use self::signature_wait::verify_with;
#[cfg(any(feature = "__browser", feature = "security_events"))]
use self::signature_wait::verify_with_newest;
use super::ResourceServer;
use super::trusted_issuer::TrustedIssuer;
use super::verified_tokens::CachedToken;
use crate::credential::Presentation;
use crate::error::{Fault, TokenError};
use crate::identity::AccessToken;
use crate::keys::KeySet;
use crate::token::{ClaimPositions, Compact, Dialect, Header, Kind, SignedBy, check_end};

impl ResourceServer {
    /// Verifies the text of an access token. A text with the prefix of API keys is an API key.
    pub(super) async fn verify_text(&self, text: &str) -> Result<AccessToken, TokenError> {
        if self.is_key(text) {
            return Ok(self.verify_key(text.as_bytes()).await?.into_token());
        }
        let verified = match self.recall_token(text.as_bytes(), self.now()) {
            Some(cached) => cached?,
            None => self.verify_anew(text).await?,
        };
        Self::refuse_bound(Presentation::Text, verified.token)
    }

    /// Verifies a token that is not cached. Call this method at most once for each request, because
    /// the cache counts each call as one use of the token.
    pub(super) async fn verify_anew(&self, text: &str) -> Result<CachedToken, TokenError> {
        self.inner().revocations.start_feed();
        if let Some(issuer) = self.issuer_of_opaque(text)? {
            return self.ask_issuer(issuer, text, None).await;
        }
        let token = parse(text)?;
        let positions = ClaimPositions::of(&token.claims);
        let (issuer, header) = self.identify(&token, &positions)?;
        if issuer.is_asked_about_jwts() {
            return self.verify_and_ask(text, token, &positions).await;
        }
        let claims = self.check_claims(&token, positions, issuer, &header)?;
        let (set, signed_by) = issuer.verify_signature(&header, &token).await?;
        let is_ambiguous = claims.kind == Kind::Ambiguous;
        let token = self.accept(token.claims, claims, issuer, signed_by)?;
        if is_ambiguous {
            issuer.warn_of_ambiguous_token();
        }
        let verified = CachedToken::new(token, issuer, &set);
        self.inner().verified.record(text, &verified, self.now());
        Ok(verified)
    }

    /// Returns the cached token with this text. Returns `None` if no such token is cached, or if
    /// the current key set is not the set that verified the token. Returns an error if the cached
    /// token has become invalid.
    pub(super) fn recall_token(
        &self,
        text: &[u8],
        now: SystemTime,
    ) -> Option<Result<CachedToken, TokenError>> {
        let verified = self.inner().verified.get(text)?;
        if !verified.is_by_current_set() {
            self.inner().verified.mark_stale(text);
            return None;
        }
        let jwt = verified.token.jwt()?;
        if let Some(answered) = jwt.answered() {
            // After its end, a token is refused without a question.
            if let Err(fault) = check_end(answered.end, now) {
                return Some(Err(verified.issuer.refuse(fault)));
            }
            if !verified.is_usable(Instant::now()) {
                return None;
            }
        }
        let result = jwt.check_now(&verified.issuer.rules, now).and_then(|()| {
            self.judge_revocation(&verified.issuer.rules.dialect, &verified.token, now)
        });
        Some(match result {
            Ok(()) => Ok(verified),
            Err(fault) => Err(verified.issuer.refuse(fault)),
        })
    }

    /// Returns true if a token that this server verified earlier in the same request is still
    /// valid. The audience was checked by that verification and is not checked again, because the
    /// configured audiences never change.
    pub(super) fn confirms_token(&self, verified: &CachedToken, now: SystemTime) -> bool {
        let CachedToken { token, issuer, .. } = verified;
        let Some(jwt) = token.jwt() else { return false };
        let has_key = verified.is_by_last_set()
            || issuer
                .keys
                .held()
                .zip(jwt.signed_by())
                .is_some_and(|(set, key)| set.confirm(key).is_ok());
        has_key
            && jwt.check_time(&issuer.rules, now).is_ok()
            && jwt.answered().is_none_or(|answered| check_end(answered.end, now).is_ok())
            && self.judge_revocation(&issuer.rules.dialect, token, now).is_ok()
    }

    pub(super) fn judge_revocation(
        &self,
        dialect: &Dialect,
        token: &AccessToken,
        now: SystemTime,
    ) -> Result<(), Fault> {
        self.inner().revocations.judge(token, dialect, now)
    }
}

impl TrustedIssuer {
    /// Verifies the signature of a token with the keys of this issuer, and returns the key set and
    /// the key that verified the signature.
    pub(super) async fn verify_signature(
        &self,
        header: &Header<'_>,
        token: &Compact<'_>,
    ) -> Result<(Arc<KeySet>, SignedBy), TokenError> {
        let verified = verify_with(&self.keys, header, token).await;
        verified.map_err(|error| error.of_issuer(&self.identifier))
    }

    /// Verifies the signature of a message whose sender does not send it again after a refusal.
    #[cfg(any(feature = "__browser", feature = "security_events"))]
    pub(super) async fn verify_signature_of_message(
        &self,
        header: &Header<'_>,
        token: &Compact<'_>,
    ) -> Result<(), TokenError> {
        let verified = verify_with_newest(&self.keys, header, token).await;
        verified.map(|_| ()).map_err(|error| error.of_issuer(&self.identifier))
    }
}
