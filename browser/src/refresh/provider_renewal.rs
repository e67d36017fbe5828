//! Renews tokens at the provider of a backend.

use std::time::SystemTime;

use axum_protected::__browser::{IdTokenExpectation, Occasion, OpenIdError, Provider};

use super::token_renewal::{RenewalError, RenewalFuture, TokenRenewal};
use crate::client::Client;
use crate::session::SessionRecord;
use crate::telemetry;
use crate::token_endpoint::{TokenEndpoint, TokenEndpointError, Tokens};
use crate::token_revocation::TokenRevocation;

/// The provider, with the client that is registered there.
pub(crate) struct ProviderRenewal {
    pub(crate) provider: Provider,
    pub(crate) client: Client,
    pub(crate) token_endpoint: TokenEndpoint,
    pub(crate) token_revocation: TokenRevocation,
}

impl ProviderRenewal {
    async fn tokens(&self, record: &SessionRecord) -> Result<Tokens, RenewalError> {
        let refresh_token = record.refresh_token.as_deref().unwrap_or_default();
        let tokens = match self.token_endpoint.refresh(refresh_token).await {
            Ok(tokens) => tokens,
            Err(TokenEndpointError::InvalidGrant) => return Err(RenewalError::Refused),
            Err(TokenEndpointError::Unavailable(error)) => {
                return Err(RenewalError::Unavailable(error));
            }
        };
        match self.check_id_token(&tokens, record).await {
            Ok(()) => Ok(tokens),
            // The new tokens are used, because the provider may have replaced the refresh token. The
            // older ID token remains the hint of the sign-out.
            Err(error) if error.is_unavailable() => {
                telemetry::id_token_not_verified(&error.to_string());
                Ok(Tokens { id_token: None, ..tokens })
            }
            Err(error) if error.claim() == Some("sub") => {
                Err(RenewalError::OtherSubject(error.to_string()))
            }
            Err(error) => Err(RenewalError::Unavailable(error.to_string())),
        }
    }

    /// Verifies the ID token of a refresh, if the provider sent one (OpenID Connect Core section
    /// 12.2).
    async fn check_id_token(
        &self,
        tokens: &Tokens,
        record: &SessionRecord,
    ) -> Result<(), OpenIdError> {
        let Some(id_token) = &tokens.id_token else { return Ok(()) };
        let expectation = IdTokenExpectation {
            client_id: &self.client.id,
            other_audiences: &self.client.id_token_audiences,
            access_token: &tokens.access_token,
            occasion: Occasion::Refresh { subject: &record.subject, nonce: &record.nonce },
        };
        self.provider.verify_id_token(id_token, &expectation).await.map(|_| ())
    }
}

impl TokenRenewal for ProviderRenewal {
    fn now(&self) -> SystemTime {
        self.provider.now()
    }

    fn renew<'a>(
        &'a self,
        record: &'a SessionRecord,
    ) -> RenewalFuture<'a, Result<Tokens, RenewalError>> {
        Box::pin(self.tokens(record))
    }

    fn revoke<'a>(&'a self, refresh_token: &'a str) -> RenewalFuture<'a, ()> {
        Box::pin(self.token_revocation.revoke(refresh_token))
    }
}

#[cfg(test)]
mod tests;
