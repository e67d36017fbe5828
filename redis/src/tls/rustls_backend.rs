//! Connections with TLS by rustls.

use std::path::Path;
use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::{CertificateError, ClientConfig, Error, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls_platform_verifier::Verifier;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::TlsFiles;
use crate::credentials::read_file;
use crate::failure::Failure;

/// Longest file with certificates or a key, in bytes.
const LIMIT: u64 = 1024 * 1024;

/// Configuration of TLS connections.
#[derive(Clone)]
pub(crate) struct Tls(Arc<ClientConfig>);

impl Tls {
    /// Creates a configuration that trusts the roots of the system and those of the files. Returns
    /// all problems.
    pub(crate) fn new(files: &TlsFiles<'_>) -> Result<Self, Vec<String>> {
        let roots = match files.ca {
            Some(path) => roots(path).map_err(|problem| format!("`ca_file`: {problem}")),
            None => Ok(Vec::new()),
        };
        let client = files.client.map(|(certificate, key)| {
            let certificates = certificates(certificate)
                .map_err(|problem| format!("`client_certificate_file`: {problem}"));
            let key = key_of(key).map_err(|problem| format!("`client_key_file`: {problem}"));
            (certificates, key)
        });
        match (roots, client) {
            (Ok(roots), None) => config(roots, None),
            (Ok(roots), Some((Ok(certificates), Ok(key)))) => {
                config(roots, Some((certificates, key)))
            }
            (roots, client) => {
                let (certificates, key) = client.unzip();
                let problems = [roots.err(), certificates.and_then(Result::err)];
                return Err(problems
                    .into_iter()
                    .flatten()
                    .chain(key.and_then(Result::err))
                    .collect());
            }
        }
        .map(|config| Self(Arc::new(config)))
        .map_err(|problem| vec![problem])
    }

    /// Makes a TLS connection of a TCP connection to this host.
    pub(crate) async fn connect(
        &self,
        host: &str,
        stream: TcpStream,
    ) -> Result<TlsStream<TcpStream>, Failure> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| Failure::new("has a host that cannot be in a certificate"))?;
        let connector = TlsConnector::from(Arc::clone(&self.0));
        connector.connect(name, stream).await.map_err(|error| {
            let cause = error.get_ref().and_then(|cause| cause.downcast_ref());
            let text = cause.and_then(describe).unwrap_or_else(|| error.to_string());
            Failure::new(format!("has no usable TLS connection: {text}"))
        })
    }
}

type Client = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn config(
    roots: Vec<CertificateDer<'static>>,
    client: Option<Client>,
) -> Result<ClientConfig, String> {
    let provider = Arc::new(provider());
    let verifier = system_verifier(roots, Arc::clone(&provider))?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    match client {
        None => Ok(builder.with_no_client_auth()),
        Some((certificates, key)) => builder
            .with_client_auth_cert(certificates, key)
            .map_err(|error| format!("`client_key_file` and `client_certificate_file`: {error}")),
    }
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

/// Returns the root certificates of a file.
fn roots(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let roots = certificates(path)?;
    roots.iter().try_for_each(|root| {
        RootCertStore::empty()
            .add(root.clone())
            .map_err(|error| format!("the file has a certificate that cannot be used: {error}"))
    })?;
    Ok(roots)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let content = read_file(path, LIMIT)?;
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(&content)
        .collect::<Result<_, _>>()
        .map_err(|error| format!("the file is not valid PEM: {error}"))?;
    if certificates.is_empty() {
        return Err("the file has no certificate in PEM (`-----BEGIN CERTIFICATE-----`)".into());
    }
    Ok(certificates)
}

fn key_of(path: &Path) -> Result<PrivateKeyDer<'static>, String> {
    let content = read_file(path, LIMIT)?;
    PrivateKeyDer::from_pem_slice(&content)
        .map_err(|_| "the file has no private key in PEM (`-----BEGIN PRIVATE KEY-----`)".into())
}

/// Returns a description of the cause of a failed handshake, or `None` for an error whose own text
/// is clear enough.
fn describe(error: &Error) -> Option<String> {
    match error {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => Some(
            "the certificate is not from a trusted authority (unknown issuer): trust the root of \
             the authority with `ca_file`"
                .to_owned(),
        ),
        Error::InvalidMessage(_) => Some(format!("the server does not speak TLS: {error}")),
        _ => None,
    }
}
