//! The state that the endpoints share, and the access tokens that they issue.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tokio::time::Instant;

use super::AUDIENCE;
use super::authorization_request::{AuthorizationRequest, RedirectTarget};
use super::error::OAuthError;
use super::registered_clients::{RegisteredClient, Registration};
use super::requested_scope::requested;
use super::secret;
use super::token_request::TokenRequest;
use super::token_response::TokenResponse;
use super::user_consents::{CodeNames, Grant, Grants};
use crate::signing_keys::SigningKeys;
use crate::token::TokenBuilder;

pub(super) struct Issuing {
    pub(super) issuer: String,
    pub(super) registration: Registration,
    keys: Arc<RwLock<SigningKeys>>,
    grants: Mutex<Grants>,
}

impl Issuing {
    pub(super) fn new(
        issuer: &str,
        registration: Registration,
        keys: &Arc<RwLock<SigningKeys>>,
    ) -> Self {
        Self {
            issuer: issuer.to_owned(),
            registration,
            keys: Arc::clone(keys),
            grants: Mutex::new(Grants::new()),
        }
    }

    /// Stores an authorization request and returns the ticket of its sign-in page.
    pub(super) fn open_page(&self, request: AuthorizationRequest) -> io::Result<String> {
        let ticket = secret::random()?;
        self.grants().open_page(request, ticket.clone(), Instant::now());
        Ok(ticket)
    }

    /// Records the user's consent, and returns the code and the redirect to the client. Returns
    /// `None` for an unknown ticket.
    pub(super) fn consent_to(
        &self,
        ticket: &str,
        subject: &str,
    ) -> io::Result<Option<(String, RedirectTarget)>> {
        let (code, family) = (secret::random()?, secret::random()?);
        let names = CodeNames { code: code.clone(), family };
        let redirect_target =
            self.grants().consent_to(ticket, subject.to_owned(), names, Instant::now());
        Ok(redirect_target.map(|redirect_target| (code, redirect_target)))
    }

    pub(super) fn issue(
        &self,
        request: &TokenRequest<'_>,
        client: &RegisteredClient,
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
            TokenRequest::ClientCredentials { scope } => {
                self.client_grant(client, *scope).map(|grant| (grant, None))
            }
        };
        Ok(granted.map(|(grant, refresh_token)| {
            TokenResponse::new(self.access_token(&grant), refresh_token, &grant.scope)
        }))
    }

    /// Returns the grant of a client that acts without a user. The subject of this grant is the
    /// client (RFC 9068 section 2.2).
    fn client_grant(
        &self,
        client: &RegisteredClient,
        scope: Option<&str>,
    ) -> Result<Grant, OAuthError> {
        Ok(Grant {
            client_id: client.id.clone(),
            subject: client.id.clone(),
            scope: requested(scope, &self.registration.scopes)?,
        })
    }

    fn access_token(&self, grant: &Grant) -> String {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let token = TokenBuilder::new(&keys, &self.issuer, AUDIENCE)
            .subject(&grant.subject)
            .claim("client_id", grant.client_id.as_str());
        if grant.scope.is_empty() {
            return token.sign();
        }
        token.scope(&grant.scope.join(" ")).sign()
    }

    fn grants(&self) -> MutexGuard<'_, Grants> {
        self.grants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
