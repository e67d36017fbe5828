//! The issuer itself, on a loopback port of its own.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};

use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

use super::signing_keys::SigningKeys;
use super::token::TokenBuilder;
use crate::algorithm::Algorithm;
use crate::server::{Issuer, ResourceServer, ResourceServerBuilder};
use crate::token::Provider;

/// The audience of its tokens.
const AUDIENCE: &str = "https://api.example.com";

/// The kinds of key it has: RSA, EC and Ed25519.
const ALGORITHMS: [Algorithm; 3] = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];

/// An authorization server on loopback, with metadata and a JWK set. It gives tokens to the program
/// that runs it and to nobody else: it has no token endpoint. It ends when it is dropped.
#[derive(Debug)]
pub struct AuthorizationServer {
    issuer: String,
    provider: Provider,
    keys: Arc<RwLock<SigningKeys>>,
    task: AbortHandle,
}

impl AuthorizationServer {
    /// Makes keys and starts to serve on a free port.
    ///
    /// # Errors
    ///
    /// When there is no free port, or no randomness for the keys.
    pub async fn start() -> io::Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = TcpListener::bind(address).await?;
        let issuer = format!("http://{}", listener.local_addr()?);
        let keys = Arc::new(RwLock::new(SigningKeys::generate(&ALGORITHMS)?));
        let router = router(&issuer, &keys);
        let serving = tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self {
            issuer,
            provider: Provider::default(),
            keys,
            task: serving.abort_handle(),
        })
    }

    /// Writes its tokens as this product does, and tells [`resource_server`](Self::resource_server).
    ///
    /// ```no_run
    /// # async fn example() -> std::io::Result<()> {
    /// use axum_protected::{Provider, testing::AuthorizationServer};
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

    #[cfg(feature = "router")]
    pub(super) fn written_as(&self) -> Provider {
        self.provider
    }

    /// Its issuer identifier, which is also its address.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
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
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        TokenBuilder::new(&keys, &self.issuer, AUDIENCE).written_as(self.provider)
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

fn router(issuer: &str, keys: &Arc<RwLock<SigningKeys>>) -> Router {
    let metadata = json!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    });
    let metadata = get(move || async move { Json(metadata) });
    let keys = Arc::clone(keys);
    let jwks = get(move || async move { Json(published(&keys)) });
    Router::new()
        .route("/.well-known/openid-configuration", metadata.clone())
        .route("/.well-known/oauth-authorization-server", metadata)
        .route("/jwks", jwks)
}

fn published(keys: &RwLock<SigningKeys>) -> Value {
    keys.read().unwrap_or_else(PoisonError::into_inner).jwks()
}
