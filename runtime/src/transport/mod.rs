//! The connection of a request, directly or through a proxy that the configuration trusts: if the
//! credential came over TLS, and the client certificate.

mod certificate_header;
mod certificate_source;
mod client_certificate;
mod forwarded;
#[cfg(fuzzing)]
pub mod fuzzing;
mod ip_network;
mod original_uri;
mod secure_transport;
mod tls_connection;

pub use self::certificate_header::ClientCertificateFormat;
pub use self::client_certificate::ClientCertificate;
pub use self::tls_connection::TlsConnection;

pub(crate) use self::certificate_header::CertificateHeader;
pub(crate) use self::certificate_source::CertificateSource;
pub(crate) use self::ip_network::IpNetwork;
pub(crate) use self::original_uri::original_uri;
pub(crate) use self::secure_transport::{SecureTransport, peer};
