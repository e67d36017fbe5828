//! The client certificate of a request (RFC 8705).

use http::request::Parts;

use crate::error::Fault;
use crate::possession::Thumbprint;

/// The client certificate of a TLS connection, for a program that terminates TLS itself.
///
/// The code that accepts TLS connections adds it to the extensions of each request of the
/// connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientCertificate(Thumbprint);

impl ClientCertificate {
    /// Creates the value from the DER of the end-entity certificate.
    #[must_use]
    pub fn from_der(certificate: &[u8]) -> Self {
        Self(Thumbprint::of(certificate))
    }
}

/// The source of the client certificates of requests.
#[derive(Debug, Clone, Default)]
pub(crate) struct CertificateSource {}

impl CertificateSource {
    /// Returns the thumbprint of the request's client certificate, if the request has one.
    #[allow(clippy::unused_self, clippy::unnecessary_wraps, reason = "headers of proxies may fail")]
    pub(crate) fn thumbprint(&self, parts: &Parts) -> Result<Option<Thumbprint>, Fault> {
        Ok(parts.extensions.get::<ClientCertificate>().map(|certificate| certificate.0))
    }
}
