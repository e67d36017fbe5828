//! Accepts a logout token (OpenID Connect Back-Channel Logout 1.0).

use std::sync::Arc;

use super::logout_error::LogoutError;
use super::refusal_warnings::UNKNOWN_SENDER;
use crate::json::Item;
use crate::openid::LogoutToken;
use crate::redaction::redacted;
use crate::revocation::Revocation;
use crate::server::ResourceServer;
use crate::server::trusted_issuer::TrustedIssuer;
use crate::server::verification::candidate::parse;
use crate::telemetry::{self, EventOutcome};

impl ResourceServer {
    /// Returns true if the server receives back-channel logouts.
    pub(crate) fn receives_logouts(&self) -> bool {
        self.inner().issuers.values().any(|issuer| !issuer.logout_clients.is_empty())
    }

    /// Verifies a logout token and revokes the access tokens of its session or of its user. Returns
    /// when all instances of the server know of it.
    pub(crate) async fn receive_logout(&self, text: &str) -> Result<(), LogoutError> {
        let issuer = match self.issuer_of_logout(text) {
            Ok(issuer) => issuer,
            Err(error) => {
                self.record_refused_logout(UNKNOWN_SENDER, &error);
                return Err(error);
            }
        };
        let name = redacted(&issuer.identifier);
        match self.verify_and_revoke(&issuer, text).await {
            Ok(outcome) => telemetry::backchannel_logout(name, outcome),
            Err(error) => {
                self.record_refused_logout(name, &error);
                return Err(error);
            }
        }
        Ok(())
    }

    async fn verify_and_revoke(
        &self,
        issuer: &TrustedIssuer,
        text: &str,
    ) -> Result<EventOutcome, LogoutError> {
        let verified = issuer.verify_logout_token(text, &issuer.logout_clients, self.now()).await;
        let token = verified.map_err(|error| {
            if error.is_unavailable() {
                LogoutError::Unavailable("the keys of the issuer are not available".to_owned())
            } else {
                LogoutError::Invalid(error.to_string())
            }
        })?;
        // The identifiers of one issuer say nothing about those of another one.
        let id = format!("{} {}", issuer.identifier, token.id);
        let applied = self.inner().security_events.logouts.once(&id, async {
            let revocations = revocation(&issuer.identifier, &token).into_iter().collect();
            self.revoke_everywhere(revocations).await
        });
        let applied = applied.await.map_err(|error| LogoutError::Unavailable(error.to_string()))?;
        Ok(applied.map_or(EventOutcome::Repeated, |()| EventOutcome::Revoked))
    }

    /// Returns the issuer that the token names, of which nothing is verified yet.
    fn issuer_of_logout(&self, text: &str) -> Result<Arc<TrustedIssuer>, LogoutError> {
        let invalid =
            |rule: &str| LogoutError::Invalid(format!("the logout token is not valid: {rule}"));
        let token = parse(text).map_err(|fault| invalid(fault.rule()))?;
        let issuer = token.claims.root().get("iss").and_then(Item::as_str);
        issuer
            .and_then(|issuer| self.inner().issuers.get(issuer))
            .filter(|issuer| !issuer.logout_clients.is_empty())
            .cloned()
            .ok_or_else(|| {
                invalid("the claim `iss` is not the identifier of an issuer with `logout_clients`")
            })
    }
}

/// Returns the revocation of the tokens of the session, or else of all sessions of the user.
fn revocation(issuer: &str, token: &LogoutToken) -> Option<Revocation> {
    match (&token.session, &token.subject) {
        (Some(session), _) => Some(Revocation::session(issuer, session)),
        (None, Some(subject)) => Some(Revocation::subject(issuer, subject, token.issued_at)),
        (None, None) => None,
    }
}
