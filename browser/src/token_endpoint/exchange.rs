//! Exchanges codes and refresh tokens for tokens.

use std::time::SystemTime;

use axum_protected::__browser::{ClientAuthentication, Provider, ProviderMetadata};
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
};
use oauth2::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, EndpointNotSet, EndpointSet,
    PkceCodeVerifier, RedirectUrl, RefreshToken, StandardRevocableToken, TokenResponse as _,
    TokenUrl,
};
use url::Url;

use super::answer::{self, Answer};
use super::error::TokenEndpointError;
use super::http_exchange::HttpExchange;
use super::lifetime::expiry;
use super::tokens::Tokens;
use crate::client::Client;

/// The token endpoint of the provider.
#[derive(Debug, Clone)]
pub(crate) struct TokenEndpoint {
    provider: Provider,
    client: Client,
}

/// A code and the proofs of the sign-in to which it belongs.
pub(crate) struct CodeExchange<'a> {
    pub(crate) code: &'a str,
    /// The `code_verifier` of PKCE (RFC 7636).
    pub(crate) verifier: &'a str,
    pub(crate) redirect_uri: &'a Url,
}

type OAuthClient = oauth2::Client<
    BasicErrorResponse,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

impl TokenEndpoint {
    pub(crate) fn new(provider: Provider, client: Client) -> Self {
        Self { provider, client }
    }

    /// Exchanges the code of a sign-in for tokens (RFC 6749 section 4.1.3).
    pub(crate) async fn exchange_code(
        &self,
        exchange: CodeExchange<'_>,
    ) -> Result<Tokens, TokenEndpointError> {
        let metadata = self.metadata().await?;
        let requested_at = self.provider.now();
        let http = HttpExchange::new(&self.provider, &metadata.token_endpoint);
        let sent = self
            .oauth_client(&metadata)?
            .set_redirect_uri(RedirectUrl::from_url(exchange.redirect_uri.clone()))
            .exchange_code(AuthorizationCode::new(exchange.code.to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(exchange.verifier.to_owned()))
            .request_async(&http)
            .await;
        let answer = sent.map_err(|error| {
            answer::error(&error, http.status(), &self.secrets(&[exchange.code, exchange.verifier]))
        })?;
        self.tokens(&answer, requested_at).await
    }

    /// Exchanges a refresh token for tokens (RFC 6749 section 6).
    pub(crate) async fn refresh(&self, refresh_token: &str) -> Result<Tokens, TokenEndpointError> {
        let metadata = self.metadata().await?;
        let requested_at = self.provider.now();
        let http = HttpExchange::new(&self.provider, &metadata.token_endpoint);
        let token = RefreshToken::new(refresh_token.to_owned());
        let client = self.oauth_client(&metadata)?;
        let sent = client.exchange_refresh_token(&token).request_async(&http).await;
        let answer = sent.map_err(|error| {
            answer::error(&error, http.status(), &self.secrets(&[refresh_token]))
        })?;
        self.tokens(&answer, requested_at).await
    }

    async fn metadata(&self) -> Result<std::sync::Arc<ProviderMetadata>, TokenEndpointError> {
        let metadata = self.provider.metadata().await;
        metadata.map_err(|error| TokenEndpointError::Unavailable(error.to_string()))
    }

    fn oauth_client(&self, metadata: &ProviderMetadata) -> Result<OAuthClient, TokenEndpointError> {
        let client = oauth2::Client::new(ClientId::new(self.client.id.clone()))
            .set_token_uri(TokenUrl::from_url(metadata.token_endpoint.clone()));
        let Some(secret) = self.client.secret.clone() else {
            return Ok(client.set_auth_type(AuthType::RequestBody));
        };
        let authentication = match metadata.client_authentication {
            Some(ClientAuthentication::Basic) => AuthType::BasicAuth,
            Some(ClientAuthentication::Post) => AuthType::RequestBody,
            _ => {
                let problem = "the provider supports neither `client_secret_basic` nor \
                               `client_secret_post`, so the client cannot authenticate";
                return Err(TokenEndpointError::Unavailable(problem.to_owned()));
            }
        };
        Ok(client.set_client_secret(ClientSecret::new(secret)).set_auth_type(authentication))
    }

    async fn tokens(
        &self,
        answer: &Answer,
        requested_at: SystemTime,
    ) -> Result<Tokens, TokenEndpointError> {
        answer::check(answer)?;
        let access_token = answer.access_token().secret().clone();
        let verified = self.provider.server().authenticate(access_token.as_str()).await.ok();
        let exp = verified.and_then(|token| token.expires_at());
        Ok(Tokens {
            access_token_expires_at: expiry(requested_at, answer.expires_in(), exp),
            access_token,
            refresh_token: answer.refresh_token().map(|token| token.secret().clone()),
            id_token: answer.extra_fields().id_token.clone(),
        })
    }

    /// Returns the texts that no log may repeat.
    fn secrets<'a>(&'a self, of_request: &[&'a str]) -> Vec<&'a str> {
        of_request.iter().copied().chain(self.client.secret.as_deref()).collect()
    }
}
