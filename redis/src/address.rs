//! The address of a server.

use std::fmt;
use std::net::IpAddr;

/// Host and port of a server. The host is a name or an IP address, without brackets.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Address {
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl Address {
    pub(crate) fn new(host: impl Into<String>, port: u16) -> Self {
        Self { host: host.into(), port }
    }

    /// Reads the address in a redirection of a cluster. The host is not in brackets even if it is an
    /// IPv6 address. Without a host, the node that sent the redirection has the host `sender`.
    pub(crate) fn of_redirection(text: &str, sender: &Self) -> Option<Self> {
        let (host, port) = text.rsplit_once(':')?;
        let port = port.parse().ok()?;
        match host {
            "" => Some(Self::new(sender.host.clone(), port)),
            // The node does not know its own host.
            "?" => None,
            host => Some(Self::new(host, port)),
        }
    }

    /// Returns true if packets to this address do not leave the machine.
    pub(crate) fn is_loopback(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost")
            || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') {
            write!(formatter, "[{host}]:{port}")
        } else {
            write!(formatter, "{host}:{port}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirection_names_host_and_port() {
        let sender = Address::new("redis.example", 6379);
        let cases = [
            ("127.0.0.1:6381", Some(("127.0.0.1", 6381))),
            ("::1:6381", Some(("::1", 6381))),
            (":6381", Some(("redis.example", 6381))),
            ("?:6381", None),
            ("127.0.0.1", None),
            ("127.0.0.1:", None),
            ("127.0.0.1:70000", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let expected = expected.map(|(host, port)| Address::new(host, port));
            assert_eq!(Address::of_redirection(text, &sender), expected, "{text}");
        }
    }

    #[test]
    fn loopback_is_recognized() {
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1"] {
            assert!(Address::new(host, 1).is_loopback(), "{host}");
        }
        for host in ["redis", "10.0.0.1", "::", "0.0.0.0", "localhost.example", "127.0.0.1.example"]
        {
            assert!(!Address::new(host, 1).is_loopback(), "{host}");
        }
    }
}
