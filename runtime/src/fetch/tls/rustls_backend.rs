//! TLS by rustls.

use std::sync::Arc;

use reqwest::ClientBuilder;
use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_platform_verifier::Verifier;

use super::super::roots::Roots;

/// Configuration of TLS connections.
#[derive(Debug, Clone)]
pub(in crate::fetch) struct Tls(ClientConfig);

impl Tls {
    /// Creates a configuration that trusts these roots.
    pub(in crate::fetch) fn new(roots: &Roots) -> Result<Self, String> {
        let provider = Arc::new(provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?;
        let added = roots.certificates().iter().cloned().map(CertificateDer::from);
        let builder = if roots.replaces_system() {
            let mut store = RootCertStore::empty();
            added
                .into_iter()
                .try_for_each(|root| store.add(root))
                .map_err(|error| describe(&error))?;
            builder.with_root_certificates(store)
        } else {
            let verifier = system_verifier(added.collect(), provider)?;
            builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier))
        };
        let mut config = builder.with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(config))
    }
}

/// Makes the client use this configuration.
pub(in crate::fetch) fn apply(tls: Tls, builder: ClientBuilder) -> ClientBuilder {
    builder.tls_backend_preconfigured(tls.0)
}

#[cfg(feature = "tls_aws_lc")]
fn provider() -> CryptoProvider {
    rustls::crypto::aws_lc_rs::default_provider()
}

#[cfg(not(feature = "tls_aws_lc"))]
fn provider() -> CryptoProvider {
    rustls::crypto::ring::default_provider()
}

/// Returns a verifier that trusts the roots of the system and the added roots.
#[cfg(not(target_os = "android"))]
fn system_verifier(
    added: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Verifier, String> {
    Verifier::new_with_extra_roots(added, provider)
        .map_err(|error| format!("the root certificates of the system cannot be used: {error}"))
}

/// The verifier of Android takes no added roots.
#[cfg(target_os = "android")]
fn system_verifier(
    added: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Verifier, String> {
    if !added.is_empty() {
        return Err("on Android, root certificates cannot be added to those of the system".into());
    }
    Verifier::new(provider)
        .map_err(|error| format!("the root certificates of the system cannot be used: {error}"))
}

/// Returns an error if the certificate cannot be a root.
pub(super) fn check_certificate(der: &[u8]) -> Result<(), String> {
    RootCertStore::empty().add(CertificateDer::from(der)).map_err(|error| describe(&error))
}

fn describe(error: &rustls::Error) -> String {
    format!("has a certificate that cannot be used: {error}")
}
