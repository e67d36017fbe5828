//! An issuer on loopback that speaks TLS.

use axum_protected_testing::TokenBuilder;
use axum_protected_tests::issuer::{JWKS, OPENID};
use axum_protected_tests::{Reply, ScriptedIssuer, keys, token};
use serde_json::json;
use tokio_rustls::rustls::ServerConfig;

use super::authority::{Proxy, proxy};

/// An issuer that speaks TLS. A proxy passes its requests on to a scripted issuer.
pub(crate) struct TlsIssuer {
    proxy: Proxy,
    _scripted: ScriptedIssuer,
}

impl TlsIssuer {
    /// Starts an issuer at `https://localhost` with metadata and the shared keys.
    pub(crate) async fn start(config: ServerConfig) -> Self {
        let scripted = ScriptedIssuer::silent().await;
        let proxy = proxy(config, scripted.url()).await;
        let url = &proxy.url;
        let metadata = json!({ "issuer": url, "jwks_uri": format!("{url}{JWKS}") });
        scripted.set(OPENID, Reply::json(&metadata));
        scripted.set(JWKS, Reply::keys(keys()));
        Self { proxy, _scripted: scripted }
    }

    pub(crate) fn url(&self) -> &str {
        &self.proxy.url
    }

    pub(crate) fn token(&self) -> TokenBuilder {
        token(self.url())
    }
}
