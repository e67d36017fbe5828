//! Resolves host names to addresses.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::is_loopback_name;

/// Resolver of the operating system, except for `localhost` and the names below it.
///
/// RFC 6761 section 6.3 reserves these names for loopback. A resolver that gives another address
/// for them would send requests over http to another machine.
#[derive(Debug)]
pub(super) struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            if is_loopback_name(name.as_str()) {
                return Ok(addresses(loopback()));
            }
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let found: Vec<_> = found.map_err(|error| Unresolved::new(&name, error))?.collect();
            Ok(addresses(found))
        })
    }
}

fn addresses(found: Vec<SocketAddr>) -> Addrs {
    // The client replaces the port 0 by the port of the URL.
    Box::new(found.into_iter())
}

/// Returns the loopback addresses. Leaves `::1` out if this machine does not have it: after a
/// refused connection to 127.0.0.1, the error would then be about `::1`, which misleads.
fn loopback() -> Vec<SocketAddr> {
    let v4 = IpAddr::from(Ipv4Addr::LOCALHOST);
    let v6 = IpAddr::from(Ipv6Addr::LOCALHOST);
    let addresses = [v4, v6].map(|address| SocketAddr::new(address, 0));
    addresses
        .into_iter()
        .filter(|address| address.is_ipv4() || UdpSocket::bind(address).is_ok())
        .collect()
}

/// Error of the resolver of the operating system.
#[derive(Debug)]
pub(super) struct Unresolved {
    host: String,
    error: io::Error,
}

impl Unresolved {
    fn new(name: &Name, error: io::Error) -> Self {
        Self { host: name.as_str().to_owned(), error }
    }
}

impl fmt::Display for Unresolved {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, error } = self;
        let detail = error.to_string();
        // The standard library passes on the text of `gai_strerror`, but not the code.
        if detail.to_ascii_lowercase().contains("temporary") {
            write!(formatter, "the host name `{host}` cannot be resolved at the moment: {detail}")
        } else {
            write!(formatter, "no such host: `{host}` cannot be resolved: {detail}")
        }
    }
}

impl Error for Unresolved {}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn localhost_is_loopback_whatever_a_resolver_says() {
        for name in ["localhost", "LocalHost", "auth.localhost", "a.b.localhost", "localhost."] {
            let found = Resolver.resolve(name.parse().unwrap()).await.unwrap();
            let found: Vec<_> = found.collect();
            assert_eq!(found.first().unwrap().ip(), IpAddr::from(Ipv4Addr::LOCALHOST), "{name}");
            assert!(found.iter().all(|address| address.ip().is_loopback()), "{name}");
        }
    }

    #[tokio::test]
    async fn an_unknown_host_is_named() {
        let unknown = Resolver.resolve("issuer.invalid".parse().unwrap()).await;
        let error = unknown.err().unwrap().to_string();
        assert!(error.contains("`issuer.invalid` cannot be resolved"), "{error}");
    }
}
