//! The issuer itself, on a loopback port of its own.

mod authorization_request;
mod builder;
mod client;
mod client_authentication;
mod cors;
mod endpoints;
mod error;
mod expiring;
mod grants;
mod issuing;
mod metadata;
mod page;
mod parameters;
mod pkce;
mod redirect_uri;
mod registration;
mod requested_scope;
mod secret;
mod token_request;
mod token_response;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};

use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

pub use self::builder::AuthorizationServerBuilder;
pub use self::client::Client;

use self::issuing::Issuing;
use self::metadata::metadata;
use self::registration::Registration;
use super::signing_keys::SigningKeys;
use super::token::TokenBuilder;
use axum_protected::Algorithm;
use axum_protected::Provider;
use axum_protected::{Issuer, ResourceServer, ResourceServerBuilder};

/// The audience of its tokens.
const AUDIENCE: &str = "https://api.example.com";

/// The kinds of key it has: RSA, EC and Ed25519.
const ALGORITHMS: [Algorithm; 3] = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];

/// An authorization server on loopback, with metadata and a JWK set. As [`start`](Self::start)
/// makes it, it gives tokens to the program that runs it and to nobody else: it has no token
/// endpoint. It ends when it is dropped.
///
/// With clients it has the endpoints of RFC 6749, to develop and test against: authorization code
/// with PKCE, refresh tokens that are replaced at each use, client credentials. Whoever reaches the
/// page may be any subject, so keep it where it is, on loopback.
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
/// | what | how long | how many |
/// |---|---|---|
/// | the page that asks the user | 10 min | 100 |
/// | an authorization code, good once | 1 min | 100 |
/// | an access token | 1 h | |
/// | what follows from one code by refreshing | 24 h | 1000 |
///
/// Where there are too many, the oldest goes. Nothing survives the server.
#[derive(Debug)]
pub struct AuthorizationServer {
    issuer: String,
    provider: Provider,
    keys: Arc<RwLock<SigningKeys>>,
    task: AbortHandle,
}

impl AuthorizationServer {
    /// Describes one that has clients.
    pub fn builder() -> AuthorizationServerBuilder {
        AuthorizationServerBuilder::default()
    }

    /// Makes keys and starts to serve on a free port.
    ///
    /// # Errors
    ///
    /// When there is no free port, or no randomness for the keys.
    pub async fn start() -> io::Result<Self> {
        Self::serve(None).await
    }

    async fn serve(registration: Option<Registration>) -> io::Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = TcpListener::bind(address).await?;
        let issuer = format!("http://{}", listener.local_addr()?);
        let keys = Arc::new(RwLock::new(SigningKeys::generate(&ALGORITHMS)?));
        let router = router(&issuer, &keys, registration);
        let serving = tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { issuer, provider: Provider::default(), keys, task: serving.abort_handle() })
    }

    /// Writes its tokens as this product does, and tells [`resource_server`](Self::resource_server).
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
    pub fn provider(mut self, provider: Provider) -> Self {
        self.provider = provider;
        self
    }

    pub(super) fn written_as(&self) -> Provider {
        self.provider
    }

    /// Its issuer identifier, which is also its address.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Where a client sends its users; answers only where a client is registered.
    #[must_use]
    pub fn authorization_endpoint(&self) -> String {
        format!("{}/authorize", self.issuer)
    }

    /// Where a client gets its tokens; answers only where a client is registered.
    #[must_use]
    pub fn token_endpoint(&self) -> String {
        format!("{}/token", self.issuer)
    }

    /// The audience of its tokens: `https://api.example.com`.
    #[must_use]
    pub fn audience(&self) -> &'static str {
        AUDIENCE
    }

    /// Describes a resource server that trusts it.
    #[must_use]
    pub fn resource_server(&self) -> ResourceServerBuilder {
        ResourceServer::builder()
            .issuer(Issuer::new(self.issuer.as_str()).provider(self.provider))
            .audience(AUDIENCE)
    }

    /// Describes a token of its own.
    pub fn token(&self) -> TokenBuilder {
        self.standard_token().written_as(self.provider)
    }

    /// Describes a token as RFC 9068 writes it, whatever the provider.
    pub(super) fn standard_token(&self) -> TokenBuilder {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        TokenBuilder::new(&keys, &self.issuer, AUDIENCE)
    }

    /// Makes new keys and withdraws the old ones.
    ///
    /// # Errors
    ///
    /// When there is no randomness; the old keys stay then.
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

fn router(
    issuer: &str,
    keys: &Arc<RwLock<SigningKeys>>,
    registration: Option<Registration>,
) -> Router {
    let metadata = metadata(issuer, registration.as_ref());
    let metadata = get(move || async move { Json(metadata) });
    let published_keys = Arc::clone(keys);
    let jwks = get(move || async move { Json(published(&published_keys)) });
    let router = Router::new()
        .route("/.well-known/openid-configuration", metadata.clone())
        .route("/.well-known/oauth-authorization-server", metadata)
        .route("/jwks", jwks);
    let Some(registration) = registration else {
        return router;
    };
    let cors = cors::cors(&registration);
    let issuing = Arc::new(Issuing::new(issuer, registration, keys));
    router.merge(endpoints::for_clients(&issuing)).layer(cors).merge(endpoints::for_users(&issuing))
}

fn published(keys: &RwLock<SigningKeys>) -> Value {
    keys.read().unwrap_or_else(PoisonError::into_inner).jwks()
}
