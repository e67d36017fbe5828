//! Reads the certificate of a client from the header in which a proxy reports it.

mod byte_sequence;
mod client_cert_element;
mod encoded_pem;
#[cfg(test)]
mod tests;

use http::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use spki::der::asn1::AnyRef;
use spki::der::{Decode, Tag, Tagged};

use super::client_certificate::ClientCertificate;
use crate::error::Fault;

/// The longest value in bytes. Certificates have 1 to 3 kB, and percent-encoding adds at most the
/// same again.
const LENGTH_LIMIT: usize = 16 * 1024;

/// The format in which a proxy reports the certificate of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ClientCertificateFormat {
    /// The structured field of RFC 9440: DER in base64 between two colons. The default header is
    /// `Client-Cert`.
    Rfc9440,
    /// PEM with percent-encoding, as in `$ssl_client_escaped_cert` of nginx. The default header is
    /// `X-SSL-Client-Cert`.
    Nginx,
    /// An element of Envoy with `Cert="..."`, whose value is PEM with percent-encoding. The default
    /// header is `X-Forwarded-Client-Cert`.
    Envoy,
}

impl ClientCertificateFormat {
    /// Returns the name of the format in configurations.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rfc9440 => "rfc9440",
            Self::Nginx => "nginx",
            Self::Envoy => "envoy",
        }
    }

    pub(crate) const ALL: [Self; 3] = [Self::Rfc9440, Self::Nginx, Self::Envoy];

    /// Returns the header in which proxies with this format report the certificate.
    pub(crate) const fn default_header(self) -> HeaderName {
        HeaderName::from_static(match self {
            Self::Rfc9440 => "client-cert",
            Self::Nginx => "x-ssl-client-cert",
            Self::Envoy => "x-forwarded-client-cert",
        })
    }

    /// Returns the certificate in a value that is not empty. Returns `None` if the value is
    /// malformed.
    fn read(self, value: &[u8]) -> Option<ClientCertificate> {
        match self {
            Self::Rfc9440 => byte_sequence::certificate(value),
            Self::Nginx => encoded_pem::certificate(value),
            Self::Envoy => client_cert_element::certificate(value),
        }
    }
}

/// The header in which a proxy reports the certificate of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CertificateHeader {
    pub(crate) name: HeaderName,
    pub(crate) format: ClientCertificateFormat,
}

impl CertificateHeader {
    /// Returns the certificate in the header. Returns `None` if the request does not have the header
    /// or if its value is empty, because proxies write both for clients without a certificate.
    ///
    /// Several lines are refused even if they are equal: a client may have sent one of them.
    pub(super) fn certificate(
        &self,
        headers: &HeaderMap,
    ) -> Result<Option<ClientCertificate>, Fault> {
        let mut lines = headers.get_all(&self.name).iter().map(HeaderValue::as_bytes);
        let line = match (lines.next(), lines.next()) {
            (None | Some(b""), None) => return Ok(None),
            (Some(line), None) => line,
            (_, Some(_)) => return Err(Fault::SeveralCertificates),
        };
        if line.len() > LENGTH_LIMIT {
            return Err(Fault::CertificateTooLong);
        }
        self.format.read(line).map(Some).ok_or(Fault::CertificateMalformed)
    }

    pub(super) fn is_present(&self, headers: &HeaderMap) -> bool {
        headers.contains_key(&self.name)
    }
}

/// Returns the certificate with these octets, which must be exactly one SEQUENCE in DER (RFC 5280
/// section 4.1).
///
/// The content of the SEQUENCE is not parsed. It does not decide anything: only the octets of the
/// certificate that the token names have the thumbprint of the token. The check finds a proxy that
/// reports something else, such as a key or a chain.
fn of_der(octets: &[u8]) -> Option<ClientCertificate> {
    let element = AnyRef::from_der(octets).ok()?;
    (element.tag() == Tag::Sequence).then(|| ClientCertificate::from_der(octets))
}
