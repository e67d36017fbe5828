//! The text of a token to a verified token: anew, or as it was verified before.

use std::sync::Arc;
use std::time::SystemTime;

use tokio::time::Instant;

use super::ResourceServer;
use super::signature_check::{is_open, verdict};
use super::trusted_issuer::TrustedIssuer;
use super::verified_tokens::CachedToken;
use crate::credential;
use crate::error::{RefusalKind, TokenError};
use crate::keys::{KeySet, PATIENCE, Unavailable};
use crate::token::{AccessToken, ClaimPositions, Compact, Header, Registered, SignedBy, string};

impl ResourceServer {
    /// Verifies the text of an access token. Must be called in a tokio runtime where keys are
    /// fetched; elsewhere it knows no keys.
    ///
    /// # Errors
    ///
    /// The first rule that it fails. Everything that can be told without keys is judged before
    /// them, so that a token that is no good whatever the keys are is refused as such even while
    /// there are none, and causes no fetch.
    pub async fn verify(&self, text: &str) -> Result<AccessToken, TokenError> {
        let verified = match self.recall(text.as_bytes(), self.now()) {
            Some(known) => known?,
            None => self.verify_anew(text).await?,
        };
        Ok(verified.token)
    }

    /// Verifies a token that the server does not recall; once for a request, since each time counts
    /// as one sight of the token.
    pub(super) async fn verify_anew(&self, text: &str) -> Result<CachedToken, TokenError> {
        if text.len() > credential::TOKEN_LIMIT {
            return Err(RefusalKind::MalformedToken.into());
        }
        let token = Compact::parse(text)?;
        let found = ClaimPositions::of(&token.claims);
        let issuer = self.issuer_of(string(&token.claims, found.iss)?)?;
        let rules = &issuer.rules;
        let header = Header::read(token.header.root(), &issuer.algorithms, rules.profile)?;
        let registered = Registered::read(&token.claims, &found, rules.dialect)?;
        rules.check(&token.claims, &found, &registered, self.now())?;
        let (set, signed_by) = issuer.verify_signature(&header, &token).await?;
        let token = AccessToken::new(token.claims, &found, registered, rules, Some(signed_by))?;
        self.judge_revocation(&token)?;
        let verified = CachedToken::new(token, issuer, &set);
        self.inner().verified.keep(text, &verified, self.now());
        Ok(verified)
    }

    /// The token of this text if its signature was verified before, by a key of the set that is held,
    /// or why it is not good any more.
    pub(crate) fn recall(
        &self,
        text: &[u8],
        now: SystemTime,
    ) -> Option<Result<CachedToken, RefusalKind>> {
        let verified = self.inner().verified.get(text)?;
        let held = verified.issuer.keys.held()?;
        if !verified.is_by(&held) {
            self.inner().verified.mark_stale(text);
            return None;
        }
        let judged = verified.token.check_now(&verified.issuer.rules, now);
        let judged = judged.and_then(|()| self.judge_revocation(&verified.token));
        Some(judged.map(|()| verified))
    }

    /// Judges again what was verified earlier in this request. Its audience has not changed.
    pub(crate) fn confirms(&self, verified: &CachedToken, now: SystemTime) -> bool {
        let CachedToken { token, issuer, .. } = verified;
        let by_known_key = |set: Arc<KeySet>| {
            let is_confirmed = |key| set.confirm(key).is_ok();
            verified.is_by(&set) || token.signed_by().is_some_and(is_confirmed)
        };
        issuer.keys.held().is_some_and(by_known_key)
            && token.check_time(&issuer.rules, now).is_ok()
            && self.judge_revocation(token).is_ok()
    }

    /// What must hold on every request, also of a token that was verified before.
    pub(super) fn judge(
        &self,
        issuer: &TrustedIssuer,
        token: &AccessToken,
    ) -> Result<(), RefusalKind> {
        token.check_now(&issuer.rules, self.now())?;
        self.judge_revocation(token)
    }

    pub(super) fn judge_revocation(&self, token: &AccessToken) -> Result<(), RefusalKind> {
        if self.inner().revocations.concern(token) {
            return Err(RefusalKind::Revoked);
        }
        Ok(())
    }

    /// The text of the token chooses among the configured issuers and nothing else.
    fn issuer_of(&self, named: Option<&str>) -> Result<&Arc<TrustedIssuer>, RefusalKind> {
        let named = named.ok_or(RefusalKind::MissingClaim)?;
        self.inner().issuers.get(named).ok_or(RefusalKind::UnknownIssuer)
    }
}

impl TrustedIssuer {
    /// The set whose key made the signature, and the key.
    async fn verify_signature(
        &self,
        header: &Header<'_>,
        token: &Compact<'_>,
    ) -> Result<(Arc<KeySet>, SignedBy), TokenError> {
        let known = |set: &KeySet| !is_open(verdict(set, header, token), header);
        if let Some(set) = self.keys.held() {
            let verdict = verdict(&set, header, token);
            if !is_open(verdict, header) {
                let signed_by = verdict?.signed(header);
                return Ok((set, signed_by));
            }
        }
        let deadline = Instant::now() + PATIENCE;
        let unavailable = |error: Unavailable| TokenError::keys_unavailable(error.retry_after);
        let set = self.keys.ask(known, deadline).await.map_err(unavailable)?;
        let signed_by = verdict(&set, header, token)?.signed(header);
        Ok((set, signed_by))
    }
}
