//! Checks if the credential of a request came to this server over TLS, directly or through a proxy
//! that the configuration trusts.

mod forwarded;
mod ip_network;
mod secure_transport;
mod tls_connection;

pub use self::tls_connection::TlsConnection;

pub(crate) use self::ip_network::IpNetwork;
pub(crate) use self::secure_transport::{SecureTransport, peer};
