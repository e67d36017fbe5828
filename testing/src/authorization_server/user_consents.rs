//! The access that users grant to clients, from the sign-in page to the last refresh token.
//! [`Grants`] is a state machine: its methods take the time and all random names as arguments.

mod consent;
mod family;
mod presented;

use std::time::Duration;

use tokio::time::Instant;

pub(super) use self::presented::{CodeNames, PresentedCode, PresentedRefreshToken, SignedInUser};

use self::consent::Code;
use self::family::Family;
use super::authorization_request::{AuthorizationRequest, RedirectTarget};
use super::error::{ErrorCode, OAuthError};
use super::expiring::Expiring;
use super::grant::Grant;

/// The lifetime of a pushed authorization request. RFC 9126 section 2.2 recommends a short one.
pub(super) const PUSHED_LIFETIME: Duration = Duration::from_secs(60);

/// The lifetime of the refresh tokens that follow from one code.
const SESSION_LIFETIME: Duration = Duration::from_secs(24 * 3600);

#[derive(Debug)]
pub(super) struct Grants {
    /// The pushed authorization requests, by the name in their `request_uri`.
    pushed: Expiring<AuthorizationRequest>,
    /// The authorization requests of the open sign-in pages, by ticket.
    requests: Expiring<AuthorizationRequest>,
    codes: Expiring<Code>,
    families: Expiring<Family>,
    /// The grants of the users' access tokens, for the userinfo endpoint.
    access_tokens: Expiring<Grant>,
    /// The grants of the ID tokens, for logouts. An ID token names its session also after the token
    /// has expired.
    id_tokens: Expiring<Grant>,
}

impl Grants {
    pub(super) fn new(access_token_lifetime: Duration) -> Self {
        Self {
            pushed: Expiring::new(PUSHED_LIFETIME, 100),
            requests: Expiring::new(Duration::from_secs(600), 100),
            // RFC 6749 section 4.1.2 allows a code to be valid for ten minutes at most.
            codes: Expiring::new(Duration::from_secs(60), 100),
            families: Expiring::new(SESSION_LIFETIME, 1000),
            access_tokens: Expiring::new(access_token_lifetime, 1000),
            id_tokens: Expiring::new(SESSION_LIFETIME, 1000),
        }
    }

    /// Stores a pushed authorization request.
    pub(super) fn push(&mut self, request: AuthorizationRequest, name: String, now: Instant) {
        self.pushed.insert(name, request, now);
    }

    /// Removes and returns the pushed request with this name, if this client has pushed it. A
    /// request can therefore be used once (RFC 9126 section 7.3).
    pub(super) fn pull(
        &mut self,
        name: &str,
        client_id: &str,
        now: Instant,
    ) -> Option<AuthorizationRequest> {
        let request = self.pushed.get(name, now).filter(|request| request.client_id == client_id);
        let request = request?.clone();
        self.pushed.remove(name);
        Some(request)
    }

    /// Stores an authorization request under the ticket of its sign-in page.
    pub(super) fn open_page(
        &mut self,
        request: AuthorizationRequest,
        ticket: String,
        now: Instant,
    ) {
        self.requests.insert(ticket, request, now);
    }

    /// Records the user's consent, and returns the redirect that takes the code to the client.
    /// Returns `None` for an unknown ticket. If the user submits the sign-in page twice, the server
    /// issues two codes, and the browser follows the second redirect.
    pub(super) fn consent_to(
        &mut self,
        ticket: &str,
        user: SignedInUser,
        names: CodeNames,
        now: Instant,
    ) -> Option<RedirectTarget> {
        let request = self.requests.get(ticket, now)?.clone();
        let redirect_target = request.redirect_target.clone();
        let code = Code::new(request, user, &names);
        self.codes.insert(names.code, code, now);
        Some(redirect_target)
    }

    /// Exchanges a code for a grant and the first refresh token. The first presentation makes a
    /// code invalid, even if the other parameters are wrong. A second presentation of the code
    /// revokes the refresh tokens that followed from the code (RFC 6749 section 4.1.2).
    pub(super) fn redeem(
        &mut self,
        presented: &PresentedCode<'_>,
        secret: String,
        now: Instant,
    ) -> Result<(Grant, String), OAuthError> {
        let refused =
            || ErrorCode::InvalidGrant.because("the code is invalid, expired or already used");
        let code = self.codes.get(presented.code, now).ok_or_else(refused)?;
        let family = code.family.clone();
        let Some(consent) = code.consent.take() else {
            self.families.remove(&family);
            return Err(refused());
        };
        if !consent.is_for(presented) {
            return Err(refused());
        }
        let grant = consent.grant;
        let access = grant.access.part(&presented.access)?;
        let refresh_token = format!("{family}.{secret}");
        self.families.insert(family, Family::new(&grant, presented, secret), now);
        Ok((Grant { access, ..grant }, refresh_token))
    }

    /// Exchanges a refresh token for a grant and the next refresh token. If a replaced refresh
    /// token is presented again, it may be stolen, so the server revokes the whole family (RFC 9700
    /// section 4.14.2).
    pub(super) fn refresh(
        &mut self,
        presented: &PresentedRefreshToken<'_>,
        next_secret: String,
        now: Instant,
    ) -> Result<(Grant, String), OAuthError> {
        let refused = || {
            ErrorCode::InvalidGrant.because("the refresh token is invalid, expired or already used")
        };
        let (name, secret) = presented.token.split_once('.').ok_or_else(refused)?;
        let family = self.families.get(name, now).ok_or_else(refused)?;
        if !family.has_secret(secret) {
            self.families.remove(name);
            return Err(refused());
        }
        if !family.is_of(presented) {
            return Err(refused());
        }
        let access = family.grant.access.part(&presented.access)?;
        let grant = Grant { access, ..family.grant.clone() };
        let refresh_token = format!("{name}.{next_secret}");
        family.secret = next_secret;
        Ok((grant, refresh_token))
    }

    /// Stores the grant of an access token under the name of the token.
    pub(super) fn record(&mut self, name: String, grant: Grant, now: Instant) {
        self.access_tokens.insert(name, grant, now);
    }

    /// Returns the grant of the valid access token with this name.
    pub(super) fn recorded(&mut self, name: &str, now: Instant) -> Option<&Grant> {
        self.access_tokens.get(name, now).map(|grant| &*grant)
    }

    /// Returns the grant of a valid refresh token.
    pub(super) fn refreshable(&mut self, token: &str, now: Instant) -> Option<&Grant> {
        let (name, secret) = token.split_once('.')?;
        let family = self.families.get(name, now)?;
        family.has_secret(secret).then_some(&family.grant)
    }

    /// Stores the grant of an ID token under the name of the token.
    pub(super) fn record_id_token(&mut self, name: String, grant: Grant, now: Instant) {
        self.id_tokens.insert(name, grant, now);
    }

    /// Returns the grant of the ID token with this name.
    pub(super) fn recorded_id_token(&mut self, name: &str, now: Instant) -> Option<&Grant> {
        self.id_tokens.get(name, now).map(|grant| &*grant)
    }

    /// Revokes the codes, refresh tokens and access tokens of the sessions for which `is_meant`
    /// returns true. Returns one grant of each session that had a refresh token.
    pub(super) fn end_sessions(
        &mut self,
        is_meant: impl Fn(&Grant) -> bool,
        now: Instant,
    ) -> Vec<Grant> {
        let is_meant_code =
            |code: &Code| code.consent.as_ref().is_some_and(|consent| is_meant(&consent.grant));
        self.codes.take(is_meant_code, now);
        self.access_tokens.take(&is_meant, now);
        let ended = self.families.take(|family| is_meant(&family.grant), now);
        ended.into_iter().map(|family| family.grant).collect()
    }
}

#[cfg(test)]
#[path = "user_consents/tests.rs"]
mod tests;
