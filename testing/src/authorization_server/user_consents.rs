//! The access that users grant to clients, from the sign-in page to the last refresh token.
//! [`Grants`] is a state machine: its methods take the time and all random names as arguments.

use std::time::Duration;

use tokio::time::Instant;

use super::authorization_request::{AuthorizationRequest, RedirectTarget};
use super::error::{ErrorCode, OAuthError};
use super::expiring::Expiring;
use super::grant::{Grant, SignIn};
use super::pkce::CodeChallenge;
use super::possession::Confirmation;
use super::requested_scope::requested;
use super::resource;
use super::secret::is_same;

/// The lifetime of the refresh tokens that follow from one code.
const SESSION_LIFETIME: Duration = Duration::from_secs(24 * 3600);

#[derive(Debug)]
pub(super) struct Grants {
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

#[derive(Debug)]
struct Code {
    /// The consent of the user, or `None` after a client has presented the code for the first time.
    consent: Option<Consent>,
    family: String,
}

#[derive(Debug)]
struct Consent {
    grant: Grant,
    redirect_uri: String,
    code_challenge: CodeChallenge,
    dpop_jkt: Option<String>,
}

/// All refresh tokens that follow from one code. Only the newest refresh token is valid. A refresh
/// token consists of the name of its family, a dot and a secret. The server therefore recognises a
/// replaced refresh token by the name of its family, although the server stores only the newest
/// secret.
#[derive(Debug)]
struct Family {
    grant: Grant,
    secret: String,
    /// The thumbprint of the key to which the refresh tokens of a public client are bound (RFC 9449
    /// section 5). A confidential client proves by its secret that they are its own.
    jkt: Option<String>,
}

impl Grants {
    pub(super) fn new(access_token_lifetime: Duration) -> Self {
        Self {
            requests: Expiring::new(Duration::from_secs(600), 100),
            // RFC 6749 section 4.1.2 allows a code to be valid for ten minutes at most.
            codes: Expiring::new(Duration::from_secs(60), 100),
            families: Expiring::new(SESSION_LIFETIME, 1000),
            access_tokens: Expiring::new(access_token_lifetime, 1000),
            id_tokens: Expiring::new(SESSION_LIFETIME, 1000),
        }
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
        let access = request.access;
        let consent = Consent {
            grant: Grant {
                client_id: request.client_id,
                subject: user.subject,
                scope: access.scope,
                audience: access.audience,
                confirmation: Confirmation::default(),
                sign_in: Some(SignIn {
                    auth_time: user.auth_time,
                    nonce: access.nonce,
                    session: names.session,
                }),
            },
            redirect_uri: request.redirect_target.redirect_uri.text.clone(),
            code_challenge: access.code_challenge,
            dpop_jkt: access.dpop_jkt,
        };
        let code = Code { consent: Some(consent), family: names.family };
        self.codes.insert(names.code, code, now);
        Some(request.redirect_target)
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
        resource::check(presented.resource, &grant.audience)?;
        let refresh_token = format!("{family}.{secret}");
        let jkt = presented.jkt.filter(|_| presented.is_public).map(str::to_owned);
        let member = Family { grant: grant.without_nonce(), secret, jkt };
        self.families.insert(family, member, now);
        Ok((grant, refresh_token))
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
        if !is_same(&family.secret, secret) {
            self.families.remove(name);
            return Err(refused());
        }
        let is_bound_to_other_key = family.jkt.is_some() && family.jkt.as_deref() != presented.jkt;
        if family.grant.client_id != presented.client_id || is_bound_to_other_key {
            return Err(refused());
        }
        let mut grant = family.grant.clone();
        resource::check(presented.resource, &grant.audience)?;
        if presented.scope.is_some() {
            // The requested scope must not exceed the granted scope (RFC 6749 section 6).
            grant.scope = requested(presented.scope, &grant.scope)?;
        }
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

    /// Removes the grant of the access token with this name.
    pub(super) fn forget(&mut self, name: &str) {
        self.access_tokens.remove(name);
    }

    /// Returns the grant of a valid refresh token.
    pub(super) fn refreshable(&mut self, token: &str, now: Instant) -> Option<&Grant> {
        let (name, secret) = token.split_once('.')?;
        let family = self.families.get(name, now)?;
        is_same(&family.secret, secret).then_some(&family.grant)
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

impl Consent {
    /// Returns true if the client, the redirect URI, the code verifier and the key of the token
    /// request match the consent (RFC 6749 section 4.1.3, RFC 7636 section 4.6 and RFC 9449 section
    /// 10).
    fn is_for(&self, presented: &PresentedCode<'_>) -> bool {
        self.grant.client_id == presented.client_id
            && self.redirect_uri == presented.redirect_uri
            && self.code_challenge.matches(presented.code_verifier)
            && (self.dpop_jkt.is_none() || self.dpop_jkt.as_deref() == presented.jkt)
    }
}

/// A user who has signed in, and the time of the sign-in in seconds since 1970.
pub(super) struct SignedInUser {
    pub(super) subject: String,
    pub(super) auth_time: u64,
}

/// The random names of a new code, of the family of refresh tokens that follow from the code, and of
/// the session.
pub(super) struct CodeNames {
    pub(super) code: String,
    pub(super) family: String,
    pub(super) session: String,
}

#[derive(Clone, Copy)]
pub(super) struct PresentedCode<'a> {
    pub(super) client_id: &'a str,
    pub(super) code: &'a str,
    pub(super) redirect_uri: &'a str,
    pub(super) code_verifier: &'a str,
    pub(super) resource: Option<&'a str>,
    /// The thumbprint of the key of the DPoP proof.
    pub(super) jkt: Option<&'a str>,
    pub(super) is_public: bool,
}

#[derive(Clone, Copy)]
pub(super) struct PresentedRefreshToken<'a> {
    pub(super) client_id: &'a str,
    pub(super) token: &'a str,
    pub(super) scope: Option<&'a str>,
    pub(super) resource: Option<&'a str>,
    /// The thumbprint of the key of the DPoP proof.
    pub(super) jkt: Option<&'a str>,
}

#[cfg(test)]
#[path = "user_consents/tests.rs"]
mod tests;
