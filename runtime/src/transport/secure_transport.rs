//! The rule of `require_https`: a credential must have come over TLS.

use std::net::{IpAddr, SocketAddr};

use http::request::Parts;

use super::forwarded::{Unclear, is_https};
use super::ip_network::IpNetwork;
use super::tls_connection::TlsConnection;

/// The rule that credentials must come over TLS, with the proxies that may vouch for it.
#[derive(Debug)]
pub(crate) struct SecureTransport {
    trusted_proxies: Vec<IpNetwork>,
}

/// The reason that the transport of a request is not known to be TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Insecure {
    /// The caller passed only the headers of the request.
    HeadersOnly,
    /// The request does not contain the address of its peer.
    UnknownPeer,
    /// The peer is neither on loopback nor a trusted proxy, and the connection is not TLS.
    Direct(IpAddr),
    /// The trusted proxy reports that the client did not use TLS.
    Plain(IpAddr),
    /// The trusted proxy reports no scheme.
    Unreported(IpAddr),
    /// The trusted proxy reports several schemes, or a header that is malformed.
    Ambiguous(IpAddr),
}

impl SecureTransport {
    pub(crate) fn new(trusted_proxies: Vec<IpNetwork>) -> Self {
        Self { trusted_proxies }
    }

    /// Checks that the request came over TLS or from loopback. A trusted proxy on loopback is
    /// judged by its headers, because it forwards the requests of others.
    pub(crate) fn check(&self, parts: &Parts) -> Result<(), Insecure> {
        if parts.extensions.get::<TlsConnection>().is_some() {
            return Ok(());
        }
        let peer = peer(parts).ok_or(Insecure::UnknownPeer)?.ip().to_canonical();
        if self.trusted_proxies.iter().any(|network| network.contains(peer)) {
            return match is_https(&parts.headers) {
                Ok(true) => Ok(()),
                Ok(false) => Err(Insecure::Plain(peer)),
                Err(Unclear::Missing) => Err(Insecure::Unreported(peer)),
                Err(Unclear::Ambiguous) => Err(Insecure::Ambiguous(peer)),
            };
        }
        if peer.is_loopback() { Ok(()) } else { Err(Insecure::Direct(peer)) }
    }
}

/// Returns the address of the peer, which axum adds to the extensions of each request.
#[cfg(feature = "router")]
fn peer(parts: &Parts) -> Option<SocketAddr> {
    let axum::extract::ConnectInfo(peer) = parts.extensions.get()?;
    Some(*peer)
}

/// Returns `None`, because the type of the extension is only known with the feature `router`.
#[cfg(not(feature = "router"))]
fn peer(_: &Parts) -> Option<SocketAddr> {
    None
}

impl Insecure {
    /// Returns the reason and the remedy, for the operator.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::HeadersOnly => {
                "`authenticate` gets only headers, which do not say if the request came over TLS: \
                 extract `AccessToken` from the request instead"
            }
            Self::UnknownPeer => {
                "the address of the peer is not known: serve the router with \
                 `into_make_service_with_connect_info::<SocketAddr>()` and the feature `router`, \
                 or add `TlsConnection` to requests that came over TLS"
            }
            Self::Direct(_) => {
                "the connection is not TLS and the peer is not a proxy in `trusted_proxies`"
            }
            Self::Plain(_) => "the proxy reports that the client did not use https",
            Self::Unreported(_) => {
                "the proxy does not report the scheme: let it set `Forwarded` or \
                 `X-Forwarded-Proto`"
            }
            Self::Ambiguous(_) => {
                "the proxy does not report exactly one scheme: let it replace `Forwarded` and \
                 `X-Forwarded-Proto` instead of adding to them"
            }
        }
    }

    /// Returns the address of the peer, if it is known.
    pub(crate) fn peer(self) -> Option<IpAddr> {
        match self {
            Self::HeadersOnly | Self::UnknownPeer => None,
            Self::Direct(peer)
            | Self::Plain(peer)
            | Self::Unreported(peer)
            | Self::Ambiguous(peer) => Some(peer),
        }
    }
}

#[cfg(feature = "router")]
#[cfg(test)]
mod tests {
    use super::*;
    use axum::extract::ConnectInfo;
    use http::Request;

    fn rule() -> SecureTransport {
        let proxies = ["10.0.0.0/8", "127.0.0.2"];
        SecureTransport::new(proxies.map(|text| IpNetwork::parse(text).unwrap()).to_vec())
    }

    fn judge(peer: Option<&str>, proto: Option<&str>) -> Result<(), Insecure> {
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
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let proxy = ip("10.1.2.3");
        for (peer, proto, expected) in [
            (None, Some("https"), Err(Insecure::UnknownPeer)),
            (Some("192.0.2.1"), Some("https"), Err(Insecure::Direct(ip("192.0.2.1")))),
            (Some("::ffff:192.0.2.1"), None, Err(Insecure::Direct(ip("192.0.2.1")))),
            (Some("10.1.2.3"), Some("https"), Ok(())),
            (Some("::ffff:10.1.2.3"), Some("https"), Ok(())),
            (Some("10.1.2.3"), Some("http"), Err(Insecure::Plain(proxy))),
            (Some("10.1.2.3"), None, Err(Insecure::Unreported(proxy))),
            (Some("10.1.2.3"), Some("https,http"), Err(Insecure::Ambiguous(proxy))),
            (Some("127.0.0.1"), None, Ok(())),
            (Some("127.0.0.1"), Some("http"), Ok(())),
            (Some("::1"), None, Ok(())),
            (Some("::ffff:127.0.0.1"), None, Ok(())),
            (Some("127.0.0.2"), Some("https"), Ok(())),
            (Some("127.0.0.2"), Some("http"), Err(Insecure::Plain(ip("127.0.0.2")))),
            (Some("127.0.0.2"), None, Err(Insecure::Unreported(ip("127.0.0.2")))),
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
