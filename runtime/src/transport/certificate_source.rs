//! Decides which certificate the client of a request has presented.

use http::request::Parts;

use super::certificate_header::CertificateHeader;
use super::client_certificate::ClientCertificate;
use super::ip_network::IpNetwork;
use super::secure_transport::peer;
use crate::error::Fault;
use crate::possession::Thumbprint;

/// The origins of client certificates that a server trusts: the TLS layer of this program, and the
/// header of a trusted proxy if one is configured.
#[derive(Debug, Default)]
pub(crate) struct CertificateSource {
    header: Option<ProxyHeader>,
}

#[derive(Debug)]
struct ProxyHeader {
    header: CertificateHeader,
    trusted_proxies: Vec<IpNetwork>,
}

impl CertificateSource {
    /// Creates the source. Without a header, only the TLS layer counts.
    pub(crate) fn new(header: Option<CertificateHeader>, trusted_proxies: Vec<IpNetwork>) -> Self {
        Self { header: header.map(|header| ProxyHeader { header, trusted_proxies }) }
    }

    /// Returns the thumbprint of the certificate that the client of this request has presented, or
    /// `None` if it has presented none. An error states why the certificate is not known.
    pub(crate) fn thumbprint(&self, parts: &Parts) -> Result<Option<Thumbprint>, Fault> {
        let of_connection = parts.extensions.get::<ClientCertificate>().copied();
        let certificate = match &self.header {
            Some(proxy) => proxy.certificate(parts, of_connection)?,
            None => of_connection,
        };
        Ok(certificate.map(|certificate| *certificate.thumbprint()))
    }
}

impl ProxyHeader {
    /// Returns the certificate of the client, given that of the connection.
    ///
    /// The connection of a trusted proxy belongs to the proxy, so only the header counts there. If
    /// the connection has another certificate than the header, or the header is absent, the request
    /// is refused: otherwise each client of the proxy could use tokens that are bound to the
    /// certificate of the proxy. The header counts from nobody else.
    fn certificate(
        &self,
        parts: &Parts,
        of_connection: Option<ClientCertificate>,
    ) -> Result<Option<ClientCertificate>, Fault> {
        if self.is_from_proxy(parts) {
            let reported = self.header.certificate(&parts.headers)?;
            let is_consistent = of_connection.is_none() || of_connection == reported;
            return if is_consistent { Ok(reported) } else { Err(Fault::CertificatesDiffer) };
        }
        match of_connection {
            None if self.header.is_present(&parts.headers) => Err(match peer(parts) {
                None => Fault::CertificatePeerUnknown,
                Some(_) => Fault::CertificatePeerUntrusted,
            }),
            of_connection => Ok(of_connection),
        }
    }

    fn is_from_proxy(&self, parts: &Parts) -> bool {
        peer(parts).is_some_and(|peer| {
            self.trusted_proxies.iter().any(|network| network.contains(peer.ip()))
        })
    }
}

#[cfg(feature = "router")]
#[cfg(test)]
mod tests;
