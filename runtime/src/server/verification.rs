//! The text of a token to a verified token: anew, or as it was verified before.

use std::sync::Arc;

use tokio::time::Instant;

use super::ResourceServer;
use super::trusted::TrustedIssuer;
use super::verdict::{is_open, verdict};
use super::verified_tokens::Verified;
use crate::bearer;
use crate::error::{TokenError, TokenErrorKind};
use crate::keys::{KeySet, PATIENCE, Unavailable};
use crate::token::{AccessToken, Compact, Found, Header, Registered, SignedBy, string};

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
        if let Some(token) = self.verified_before(text.as_bytes()) {
            return Ok(token?);
        }
        self.verify_anew(text).await
    }

    pub(super) async fn verify_anew(&self, text: &str) -> Result<AccessToken, TokenError> {
        if text.len() > bearer::TOKEN_LIMIT {
            return Err(TokenErrorKind::MalformedToken.into());
        }
        let token = Compact::parse(text)?;
        let found = Found::of(&token.claims);
        let issuer = self.issuer_of(string(&token.claims, found.iss)?)?;
        let rules = &issuer.rules;
        let header = Header::read(token.header.root(), &issuer.algorithms, rules.profile)?;
        let registered = Registered::read(&token.claims, &found, rules.dialect)?;
        rules.check(&token.claims, &found, &registered, self.now())?;
        let (set, signed_by) = issuer.verify_signature(&header, &token).await?;
        let token = AccessToken::new(token.claims, &found, registered, rules, Some(signed_by))?;
        self.judge_revocation(&token)?;
        let verified = Verified::new(token.clone(), issuer, &set);
        self.parts().verified.keep(text, verified);
        Ok(token)
    }

    /// What a signature that was verified before leaves to judge; nothing where the key set is
    /// another by now.
    pub(super) fn verified_before(
        &self,
        text: &[u8],
    ) -> Option<Result<AccessToken, TokenErrorKind>> {
        let Verified { token, issuer, .. } = self.parts().verified.get(text).filter(|known| {
            let held = known.issuer.keys.held();
            held.is_some_and(|set| known.is_by(&set))
        })?;
        Some(self.judge(&issuer, &token).map(|()| token))
    }

    /// What must hold on every request, also of a token that was verified before.
    pub(super) fn judge(
        &self,
        issuer: &TrustedIssuer,
        token: &AccessToken,
    ) -> Result<(), TokenErrorKind> {
        token.check_now(&issuer.rules, self.now())?;
        self.judge_revocation(token)
    }

    pub(super) fn judge_revocation(&self, token: &AccessToken) -> Result<(), TokenErrorKind> {
        if self.parts().revocations.concern(token) {
            return Err(TokenErrorKind::Revoked);
        }
        Ok(())
    }

    /// The text of the token chooses among the configured issuers and nothing else.
    fn issuer_of(&self, named: Option<&str>) -> Result<&Arc<TrustedIssuer>, TokenErrorKind> {
        let named = named.ok_or(TokenErrorKind::MissingClaim)?;
        self.parts()
            .issuers
            .get(named)
            .ok_or(TokenErrorKind::UnknownIssuer)
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
