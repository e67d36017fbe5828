//! The certificate that a client presented in the TLS handshake of its connection.

use std::fmt;

use crate::possession::Thumbprint;

/// The certificate of the client on the TLS connection of a request, for a program that terminates
/// TLS itself.
///
/// An access token may be bound to a certificate (RFC 8705 section 3): its `cnf` contains the
/// SHA-256 thumbprint of the certificate as `x5t#S256`. The server accepts such a token only in
/// requests that present this certificate. Only the code that accepts TLS connections may add this
/// extension to the requests of a connection, once the client has proven in the handshake that it
/// has the private key. Never add it from a header of the request. For certificates that a proxy
/// reports, set [`client_certificate_header`](crate::ResourceServerBuilder::client_certificate_header).
///
/// ```
/// use axum::{Extension, Router};
/// use axum_protected::server::{ClientCertificate, TlsConnection};
///
/// /// The router for the requests of one TLS connection. `der` is the first certificate that the
/// /// TLS layer has received from the client.
/// fn of_connection(app: Router, der: Option<&[u8]>) -> Router {
///     let app = app.layer(Extension(TlsConnection));
///     match der {
///         Some(der) => app.layer(Extension(ClientCertificate::from_der(der))),
///         None => app,
///     }
/// }
/// ```
///
/// The TLS layer must ask each client for a certificate and must not require one, because clients
/// with other tokens have none. It need not verify the chain of the certificate (RFC 8705 section
/// 6.2): the client proves that it has the key, and the authorization server has chosen the
/// certificate.
///
/// The server does not compare the dates of the certificate with its clock. RFC 8705 does not demand
/// this, a self-signed certificate may have any dates, and `exp` bounds the life of the token. If
/// expired certificates must be refused, let the TLS layer or the proxy refuse them. A renewed
/// certificate has another thumbprint, so the client must fetch a new token for it (RFC 8705 section
/// 6.3).
///
/// The value contains only the thumbprint. It is small, and cheap to clone for each request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ClientCertificate {
    thumbprint: Thumbprint,
}

impl ClientCertificate {
    /// Computes the thumbprint of an end-entity certificate in DER, as TLS libraries return it. Call
    /// this method once for each connection.
    ///
    /// The TLS library has parsed the certificate, so this method does not parse it again. The
    /// thumbprint of other octets, such as PEM, is not that of any token.
    #[must_use]
    pub fn from_der(certificate: &[u8]) -> Self {
        Self { thumbprint: Thumbprint::of(certificate) }
    }

    pub(crate) const fn thumbprint(&self) -> &Thumbprint {
        &self.thumbprint
    }
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ClientCertificate").finish_non_exhaustive()
    }
}
