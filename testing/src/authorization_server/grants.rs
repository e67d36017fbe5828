//! What users agreed to, from the page that asks them to the last refresh: a state machine that is
//! told the time and the names to give.

use std::time::Duration;

use tokio::time::Instant;

use super::authorization_request::{AuthorizationRequest, WayBack};
use super::error::{ErrorCode, OAuthError};
use super::expiring::Expiring;
use super::pkce::CodeChallenge;
use super::requested_scope::requested;
use super::secret::is_same;

/// What a token is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grant {
    pub(super) client_id: String,
    pub(super) subject: String,
    pub(super) scope: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Grants {
    /// Pages that are open, by their ticket.
    requests: Expiring<AuthorizationRequest>,
    codes: Expiring<Code>,
    families: Expiring<Family>,
}

#[derive(Debug)]
struct Code {
    /// `None` once it was presented.
    agreed: Option<Agreed>,
    family: String,
}

#[derive(Debug)]
struct Agreed {
    grant: Grant,
    redirect_uri: String,
    code_challenge: CodeChallenge,
}

/// All refresh tokens that followed from one code: the last of them is good. A token is the name of
/// its family, a dot and a secret, so that one which was replaced is known as such without being
/// kept.
#[derive(Debug)]
struct Family {
    grant: Grant,
    secret: String,
}

impl Grants {
    pub(super) fn new() -> Self {
        Self {
            requests: Expiring::new(Duration::from_secs(600), 100),
            // RFC 6749 section 4.1.2: shortly after it is issued, ten minutes at most.
            codes: Expiring::new(Duration::from_secs(60), 100),
            families: Expiring::new(Duration::from_secs(24 * 3600), 1000),
        }
    }

    /// The user is shown what is asked.
    pub(super) fn ask(&mut self, request: AuthorizationRequest, ticket: String, now: Instant) {
        self.requests.insert(ticket, request, now);
    }

    /// The user agrees: where to take the code. `None` where nobody asked. Who presses the button
    /// twice gets two codes; the browser follows the second.
    pub(super) fn agree(
        &mut self,
        ticket: &str,
        subject: String,
        names: CodeNames,
        now: Instant,
    ) -> Option<WayBack> {
        let request = self.requests.get(ticket, now)?.clone();
        let agreed = Agreed {
            grant: Grant { client_id: request.client_id, subject, scope: request.scope },
            redirect_uri: request.way_back.redirect_uri.text.clone(),
            code_challenge: request.code_challenge,
        };
        let code = Code { agreed: Some(agreed), family: names.family };
        self.codes.insert(names.code, code, now);
        Some(request.way_back)
    }

    /// A code for a grant and the first refresh token, whose secret is given. A code is presented
    /// once, rightly or not; twice, and what came of it is withdrawn (RFC 6749 section 4.1.2).
    pub(super) fn redeem(
        &mut self,
        presented: &PresentedCode<'_>,
        secret: String,
        now: Instant,
    ) -> Result<(Grant, String), OAuthError> {
        let refused = || ErrorCode::InvalidGrant.because("the code is not good");
        let code = self.codes.get(presented.code, now).ok_or_else(refused)?;
        let family = code.family.clone();
        let Some(agreed) = code.agreed.take() else {
            self.families.remove(&family);
            return Err(refused());
        };
        if !agreed.is_for(presented) {
            return Err(refused());
        }
        let refresh_token = format!("{family}.{secret}");
        let grant = agreed.grant;
        let member = Family { grant: grant.clone(), secret };
        self.families.insert(family, member, now);
        Ok((grant, refresh_token))
    }

    /// A refresh token for a grant and the next refresh token. One that was replaced is in two
    /// hands, of which one is a thief's: its family ends (RFC 9700 section 4.14.2).
    pub(super) fn refresh(
        &mut self,
        presented: &PresentedRefreshToken<'_>,
        next_secret: String,
        now: Instant,
    ) -> Result<(Grant, String), OAuthError> {
        let refused = || ErrorCode::InvalidGrant.because("the refresh token is not good");
        let (name, secret) = presented.token.split_once('.').ok_or_else(refused)?;
        let family = self.families.get(name, now).ok_or_else(refused)?;
        if !is_same(&family.secret, secret) {
            self.families.remove(name);
            return Err(refused());
        }
        if family.grant.client_id != presented.client_id {
            return Err(refused());
        }
        let mut grant = family.grant.clone();
        if presented.scope.is_some() {
            // Less than was granted, never more (RFC 6749 section 6).
            grant.scope = requested(presented.scope, &grant.scope)?;
        }
        let refresh_token = format!("{name}.{next_secret}");
        family.secret = next_secret;
        Ok((grant, refresh_token))
    }
}

impl Agreed {
    /// RFC 6749 section 4.1.3 and RFC 7636 section 4.6.
    fn is_for(&self, presented: &PresentedCode<'_>) -> bool {
        self.grant.client_id == presented.client_id
            && self.redirect_uri == presented.redirect_uri
            && self.code_challenge.is_met_by(presented.code_verifier)
    }
}

/// The names of a new code and of the refresh tokens that follow from it.
pub(super) struct CodeNames {
    pub(super) code: String,
    pub(super) family: String,
}

#[derive(Clone, Copy)]
pub(super) struct PresentedCode<'a> {
    pub(super) client_id: &'a str,
    pub(super) code: &'a str,
    pub(super) redirect_uri: &'a str,
    pub(super) code_verifier: &'a str,
}

#[derive(Clone, Copy)]
pub(super) struct PresentedRefreshToken<'a> {
    pub(super) client_id: &'a str,
    pub(super) token: &'a str,
    pub(super) scope: Option<&'a str>,
}

#[cfg(test)]
#[path = "grants/tests.rs"]
mod tests;
