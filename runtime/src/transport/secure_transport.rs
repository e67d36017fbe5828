//! The rule of `require_https`: a credential must have come over TLS.

use std::net::SocketAddr;

use http::request::Parts;

use super::forwarded::{Unclear, is_https};
use super::ip_network::IpNetwork;
use super::tls_connection::TlsConnection;
use crate::error::Fault;

/// The rule that credentials must come over TLS, with the proxies whose reports about TLS are
/// trusted.
#[derive(Debug)]
pub(crate) struct SecureTransport {
    trusted_proxies: Vec<IpNetwork>,
}

impl SecureTransport {
    pub(crate) fn new(trusted_proxies: Vec<IpNetwork>) -> Self {
        Self { trusted_proxies }
    }

    /// Checks that the request came over TLS or from loopback. For a trusted proxy on loopback, its
    /// headers decide, because it forwards requests of other machines.
    pub(crate) fn check(&self, parts: &Parts) -> Result<(), Fault> {
        if parts.extensions.get::<TlsConnection>().is_some() {
            return Ok(());
        }
        let peer = peer(parts).ok_or(Fault::PeerUnknown)?.ip().to_canonical();
        if self.trusted_proxies.iter().any(|network| network.contains(peer)) {
            return match is_https(&parts.headers) {
                Ok(true) => Ok(()),
                Ok(false) => Err(Fault::ProxyWithoutTls),
                Err(Unclear::Missing) => Err(Fault::ProxySilent),
                Err(Unclear::Ambiguous) => Err(Fault::ProxyAmbiguous),
            };
        }
        if peer.is_loopback() { Ok(()) } else { Err(Fault::PeerUntrusted) }
    }
}

/// Returns the address of the peer, which axum adds to the extensions of each request.
#[cfg(feature = "router")]
pub(crate) fn peer(parts: &Parts) -> Option<SocketAddr> {
    let axum::extract::ConnectInfo(peer) = parts.extensions.get()?;
    Some(*peer)
}

/// Returns `None`, because the type of the extension is only known with the feature `router`.
#[cfg(not(feature = "router"))]
pub(crate) fn peer(_: &Parts) -> Option<SocketAddr> {
    None
}

#[cfg(feature = "router")]
#[cfg(test)]
mod tests {
    use super::*;
    use axum::extract::ConnectInfo;
    use http::Request;
    use std::net::IpAddr;

    fn rule() -> SecureTransport {
        let proxies = ["10.0.0.0/8", "127.0.0.2"];
        SecureTransport::new(proxies.map(|text| IpNetwork::parse(text).unwrap()).to_vec())
    }

    fn judge(peer: Option<&str>, proto: Option<&str>) -> Result<(), Fault> {
        let mut request = Request::new(());
        if let Some(peer) = peer {
            let address: IpAddr = peer.parse().unwrap();
            request.extensions_mut().insert(ConnectInfo(SocketAddr::new(address, 4711)));
        }
        if let Some(proto) = proto {
            request.headers_mut().insert("x-forwarded-proto", proto.parse().unwrap());
        }
        rule().check(&request.into_parts().0)
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        for (peer, proto, expected) in [
            (None, Some("https"), Err(Fault::PeerUnknown)),
            (Some("192.0.2.1"), Some("https"), Err(Fault::PeerUntrusted)),
            (Some("::ffff:192.0.2.1"), None, Err(Fault::PeerUntrusted)),
            (Some("10.1.2.3"), Some("https"), Ok(())),
            (Some("::ffff:10.1.2.3"), Some("https"), Ok(())),
            (Some("10.1.2.3"), Some("http"), Err(Fault::ProxyWithoutTls)),
            (Some("10.1.2.3"), None, Err(Fault::ProxySilent)),
            (Some("10.1.2.3"), Some("https,http"), Err(Fault::ProxyAmbiguous)),
            (Some("127.0.0.1"), None, Ok(())),
            (Some("127.0.0.1"), Some("http"), Ok(())),
            (Some("::1"), None, Ok(())),
            (Some("::ffff:127.0.0.1"), None, Ok(())),
            (Some("127.0.0.2"), Some("https"), Ok(())),
            (Some("127.0.0.2"), Some("http"), Err(Fault::ProxyWithoutTls)),
            (Some("127.0.0.2"), None, Err(Fault::ProxySilent)),
        ] {
            assert_eq!(judge(peer, proto), expected, "{peer:?} {proto:?}");
        }
    }

    #[test]
    fn a_program_that_terminates_tls_vouches_for_its_connections() {
        let mut request = Request::new(());
        request.extensions_mut().insert(TlsConnection);
        assert_eq!(rule().check(&request.into_parts().0), Ok(()));
    }
}
