//! An authorization server on a free loopback port.

mod access;
mod access_token;
mod addresses;
mod authorization_details;
mod authorization_request;
mod back_channel;
mod builder;
mod client;
mod client_authentication;
mod client_endpoints;
mod cors;
mod credentials;
mod endpoint_behaviour;
mod endpoint_state;
mod error;
mod expiring;
mod grant;
mod id_token;
mod introspection;
mod issued_tokens;
mod issuing;
mod logout;
mod logout_request;
mod logout_token;
mod metadata;
mod page;
mod parameters;
mod pkce;
mod possession;
mod pushed_request;
mod randomness_error;
mod redirect_uri;
mod registered_clients;
mod requested_acr;
mod requested_scope;
mod requested_sign_in;
mod resource;
mod revocation;
mod routes;
mod secret;
mod startup;
mod token_endpoint;
mod token_request;
mod token_response;
mod tokens;
mod user_consents;
mod user_endpoints;
mod user_info;

use std::io;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::task::AbortHandle;

pub use self::builder::AuthorizationServerBuilder;
pub use self::client::Client;
pub use self::introspection::{IntrospectionEndpoint, ProtectedResource};
pub use self::token_endpoint::TokenEndpoint;

pub(crate) use self::issued_tokens::IssuedTokens;

use self::introspection::Introspection;
use self::issuing::Issuing;
use super::signing_keys::SigningKeys;
use axum_protected::Algorithm;
use axum_protected::Provider;
use axum_protected::{Issuer, ResourceServer, ResourceServerBuilder};

/// The audience of the tokens that an [`AuthorizationServer`] signs.
const AUDIENCE: &str = "https://api.example.com";

/// The algorithms of the signing keys: one RSA key, one EC key and one Ed25519 key.
const ALGORITHMS: [Algorithm; 3] = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];

/// An authorization server on loopback, with metadata and a JWK set. A server that was started by
/// [`start`](Self::start) has no token endpoint: only code with access to the `AuthorizationServer`
/// can sign tokens. The server stops when the `AuthorizationServer` is dropped.
///
/// A server with clients also has the endpoints of RFC 6749, for development and tests:
/// authorization code with PKCE, refresh tokens with rotation, client credentials, revocation (RFC
/// 7009), pushed authorization requests (RFC 9126). For the scope `openid` it is an OpenID provider:
/// ID tokens with `nonce`, `at_hash` and `sid`, a userinfo endpoint that returns the subject, and
/// logouts that clients start or [`log_out`](Self::log_out) starts. Anyone who reaches the sign-in
/// page can sign in as any subject, so do not expose the server beyond loopback.
///
/// An access token has what its request asks for:
///
/// | request | claim of the access token |
/// |---|---|
/// | `scope` | `scope` |
/// | `resource`, once or several times (RFC 8707) | `aud` |
/// | `authorization_details` (RFC 9396) | `authorization_details` |
/// | `acr_values` (RFC 9470) | `acr`, beside the `auth_time` of each sign-in |
/// | the header `DPoP` with a proof (RFC 9449) | `cnf` with `jkt` |
/// | the header `Client-Cert` with a certificate (RFC 9440) | `cnf` with `x5t#S256` |
///
/// The server has no TLS, so a proxy in front of it, or the test, writes `Client-Cert`. A token
/// request for a code or with a refresh token may name a part of the granted resources and details.
///
/// A server with a [`ProtectedResource`] has the introspection endpoint (RFC 7662).
///
/// ```
/// use axum_protected_testing::{AuthorizationServer, Client};
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let issuer = AuthorizationServer::builder()
///     .client(Client::public("swagger-ui").redirect_uri("http://127.0.0.1:3000/callback"))
///     .client(Client::confidential("nightly-import", "a development secret"))
///     .scopes(["items:read", "items:write"])
///     .start()
///     .await?;
/// assert_eq!(issuer.token_endpoint(), format!("{}/token", issuer.issuer()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// | item | lifetime | limit |
/// |---|---|---|
/// | pushed authorization request, usable once | 1 min | 100 |
/// | sign-in page | 10 min | 100 |
/// | authorization code, usable once | 1 min | 100 |
/// | access token and ID token | 1 h, or [`token_lifetime`](AuthorizationServerBuilder::token_lifetime) | userinfo knows 1000 |
/// | session: the refresh tokens that follow from one code | 24 h | 1000 |
/// | ID token as the hint of a logout | 24 h | 1000 |
/// | opaque access token, revoked access token | 1 year | 10,000 |
/// | nonce for DPoP proofs | 5 min | 1000 |
/// | DPoP proof, usable once | 1 min before and after its `iat` | 1000 |
///
/// At the limit the server removes the oldest entry. The server stores all entries only in main
/// memory.
#[derive(Debug)]
pub struct AuthorizationServer {
    issuer: String,
    /// Boxed, because an `Issuer` is large.
    settings: Box<Issuer>,
    keys: Arc<RwLock<SigningKeys>>,
    /// The state of the endpoints for clients, if a client is registered.
    issuing: Option<Arc<Issuing>>,
    /// The state of the introspection endpoint, if a protected resource is registered.
    introspection: Option<Arc<Introspection>>,
    tokens: Arc<IssuedTokens>,
    task: AbortHandle,
}

impl AuthorizationServer {
    /// Returns a builder for a server that issues tokens to clients.
    pub fn builder() -> AuthorizationServerBuilder {
        AuthorizationServerBuilder::default()
    }

    /// Generates keys and starts a server on a free loopback port.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no free port, or if the operating system returns no randomness
    /// for the keys.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Sets the product whose token format [`token`](Self::token) and
    /// [`resource_server`](Self::resource_server) use.
    ///
    /// ```no_run
    /// # async fn example() -> std::io::Result<()> {
    /// use axum_protected::Provider;
    /// use axum_protected_testing::AuthorizationServer;
    ///
    /// let issuer = AuthorizationServer::start().await?.provider(Provider::Keycloak);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn provider(self, provider: Provider) -> Self {
        self.trusted_as(|issuer| issuer.provider(provider))
    }

    /// Changes the settings with which [`resource_server`](Self::resource_server) trusts this
    /// issuer. The claims of [`token`](Self::token) follow the settings that name claims.
    ///
    /// ```no_run
    /// # async fn example() -> std::io::Result<()> {
    /// use axum_protected_testing::AuthorizationServer;
    ///
    /// let issuer = AuthorizationServer::start()
    ///     .await?
    ///     .trusted_as(|issuer| issuer.roles_claim(["app", "roles"]));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn trusted_as(mut self, change: impl FnOnce(Issuer) -> Issuer) -> Self {
        *self.settings = change((*self.settings).clone());
        self
    }

    pub(super) fn settings(&self) -> &Issuer {
        &self.settings
    }

    /// Returns the audience of the server's tokens, unless a client requests another resource:
    /// `https://api.example.com`.
    #[must_use]
    pub fn audience(&self) -> &'static str {
        AUDIENCE
    }

    /// Returns a builder for a resource server that trusts this issuer.
    #[must_use]
    pub fn resource_server(&self) -> ResourceServerBuilder {
        ResourceServer::builder().issuer((*self.settings).clone()).audience(AUDIENCE)
    }

    /// Replaces the signing keys by new keys.
    ///
    /// # Errors
    ///
    /// Returns an error if the operating system returns no randomness. The server then keeps the
    /// old keys.
    pub fn rotate(&self) -> io::Result<()> {
        let keys = SigningKeys::generate(&ALGORITHMS)?;
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }
}

impl Drop for AuthorizationServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}
