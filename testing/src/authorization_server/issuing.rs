//! The state that the endpoints share, and the tokens that they issue.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use axum_protected::clock::{Clock, SystemClock};
use tokio::time::Instant;

use super::AUDIENCE;
use super::access_token::access_token;
use super::authorization_request::{AuthorizationRequest, RedirectTarget};
use super::endpoint_state::EndpointState;
use super::error::OAuthError;
use super::grant::Grant;
use super::id_token::id_token;
use super::issued_tokens::IssuedTokens;
use super::possession::{Confirmation, Possession};
use super::registered_clients::{OPENID, RegisteredClient, Registration};
use super::secret;
use super::token_endpoint::TokenEndpoint;
use super::token_request::TokenRequest;
use super::token_response::TokenResponse;
use super::user_consents::{CodeNames, Grants, SignedInUser};
use crate::signing_keys::SigningKeys;
use crate::token::{TokenBuilder, since_epoch};

pub(super) struct Issuing {
    pub(super) issuer: String,
    pub(super) registration: Registration,
    pub(super) token_endpoint: EndpointState<TokenEndpoint>,
    pub(super) tokens: Arc<IssuedTokens>,
    pub(super) possession: Possession,
    pub(super) keys: Arc<RwLock<SigningKeys>>,
    pub(super) token_lifetime: Duration,
    pub(super) grants: Mutex<Grants>,
}

impl fmt::Debug for Issuing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Issuing").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl Issuing {
    /// Stores an authorization request and returns the ticket of its sign-in page.
    pub(super) fn open_page(&self, request: AuthorizationRequest) -> io::Result<String> {
        let ticket = secret::random()?;
        self.grants().open_page(request, ticket.clone(), Instant::now());
        Ok(ticket)
    }

    /// Stores a pushed authorization request and returns its name.
    pub(super) fn push(&self, request: AuthorizationRequest) -> io::Result<String> {
        let name = secret::random()?;
        self.grants().push(request, name.clone(), Instant::now());
        Ok(name)
    }

    /// Records the user's consent, and returns the code and the redirect to the client. Returns
    /// `None` for an unknown ticket.
    pub(super) fn consent_to(
        &self,
        ticket: &str,
        subject: &str,
    ) -> io::Result<Option<(String, RedirectTarget)>> {
        let (code, family, session) = (secret::random()?, secret::random()?, secret::random()?);
        let names = CodeNames { code: code.clone(), family, session };
        let auth_time = since_epoch(SystemClock.now());
        let user = SignedInUser { subject: subject.to_owned(), auth_time };
        let redirect_target = self.grants().consent_to(ticket, user, names, Instant::now());
        Ok(redirect_target.map(|redirect_target| (code, redirect_target)))
    }

    pub(super) fn issue(
        &self,
        request: &TokenRequest<'_>,
        client: &RegisteredClient,
        confirmation: Confirmation,
    ) -> io::Result<Result<TokenResponse, OAuthError>> {
        let secret = secret::random()?;
        let now = Instant::now();
        let granted = match request {
            TokenRequest::AuthorizationCode(code) => self
                .grants()
                .redeem(code, secret, now)
                .map(|(grant, refresh_token)| (grant, Some(refresh_token))),
            TokenRequest::RefreshToken(token) => self
                .grants()
                .refresh(token, secret, now)
                .map(|(grant, refresh_token)| (grant, Some(refresh_token))),
            // A client credentials response contains no refresh token (RFC 6749 section 4.4.3).
            TokenRequest::ClientCredentials(access) => {
                Ok((Grant::of_client(&client.id, access.clone()), None))
            }
        };
        Ok(granted.map(|(grant, refresh_token)| {
            self.response(Grant { confirmation, ..grant }, refresh_token, now)
        }))
    }

    /// Returns the grant of a user's access token that this server has issued and that has neither
    /// expired nor been revoked.
    pub(super) fn grant_of(&self, access_token: &str) -> Option<Grant> {
        let name = secret::digest(access_token);
        let grant = self.grants().recorded(&name, Instant::now()).cloned()?;
        (!self.tokens.is_revoked(access_token, grant.session())).then_some(grant)
    }

    /// Returns the grant of an ID token that this server has issued.
    pub(super) fn grant_of_id_token(&self, id_token: &str) -> Option<Grant> {
        let name = secret::digest(id_token);
        self.grants().recorded_id_token(&name, Instant::now()).cloned()
    }

    fn response(&self, grant: Grant, refresh_token: Option<String>, now: Instant) -> TokenResponse {
        let access_token = self.access_token(&grant);
        let id_token = self.id_token(&grant, &access_token);
        let name = secret::digest(&access_token);
        let mut response = TokenResponse::new(access_token, self.token_lifetime, &grant);
        response.refresh_token = refresh_token;
        if let Some(id_token) = &id_token {
            self.grants().record_id_token(secret::digest(id_token), grant.clone(), now);
        }
        response.id_token = id_token;
        if grant.sign_in.is_some() {
            self.grants().record(name, grant, now);
        }
        response
    }

    fn access_token(&self, grant: &Grant) -> String {
        let token = access_token(self.token(AUDIENCE), grant);
        let client = self.registration.client(&grant.client_id);
        if client.is_some_and(|client| client.opaque_access_tokens) {
            return token.opaque(&self.tokens).sign();
        }
        token.sign()
    }

    fn id_token(&self, grant: &Grant, access_token: &str) -> Option<String> {
        let is_requested = grant.access.scope.iter().any(|scope| scope == OPENID);
        let sign_in = grant.sign_in.as_ref().filter(|_| is_requested)?;
        let token = self.token(&grant.client_id);
        Some(id_token(token, grant, sign_in, access_token).sign())
    }

    pub(super) fn token(&self, audience: &str) -> TokenBuilder {
        TokenBuilder::new(&self.keys(), &self.issuer, audience).valid_for(self.token_lifetime)
    }

    pub(super) fn keys(&self) -> SigningKeys {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn grants(&self) -> MutexGuard<'_, Grants> {
        self.grants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
