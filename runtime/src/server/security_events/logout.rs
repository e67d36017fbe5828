//! Accepts a logout token (OpenID Connect Back-Channel Logout 1.0).

use std::sync::Arc;

use crate::json::Item;
use crate::openid::LogoutToken;
use crate::revocation::Revocation;
use crate::security_event::Receipt;
use crate::server::ResourceServer;
use crate::server::trusted_issuer::TrustedIssuer;
use crate::server::verification::candidate::parse;

/// Reason why a logout did not revoke tokens everywhere. The text contains no part of the token.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum LogoutError {
    /// The token is not a valid logout token of an issuer for its client.
    Invalid(String),
    /// The same token may be accepted later.
    Unavailable(String),
}

impl ResourceServer {
    /// Returns true if the server receives back-channel logouts.
    pub(crate) fn receives_logouts(&self) -> bool {
        self.inner().issuers.values().any(|issuer| !issuer.logout_clients.is_empty())
    }

    /// Verifies a logout token and revokes the access tokens of its session or of its user. Returns
    /// when all instances of the server know of it.
    pub(crate) async fn receive_logout(&self, text: &str) -> Result<Receipt, LogoutError> {
        let issuer = self.issuer_of_logout(text)?;
        let verified = issuer.verify_logout_token(text, &issuer.logout_clients, self.now()).await;
        let token = verified.map_err(|error| {
            if error.is_unavailable() {
                LogoutError::Unavailable(format!(
                    "the keys of the issuer `{}` are not available",
                    issuer.identifier
                ))
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
        Ok(applied.map_or(Receipt::Repeated, |()| Receipt::Revoked))
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
