//! A range of IP addresses, written as one address or as a prefix such as `10.0.0.0/8`.

use std::net::IpAddr;

/// A range of IP addresses with a common prefix (RFC 4632 section 3.1, RFC 4291 section 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IpNetwork {
    first: IpAddr,
    /// The number of bits that all addresses of the range share.
    prefix: u32,
}

impl IpNetwork {
    /// Parses an address or a prefix. The error describes the problem to the operator.
    ///
    /// An address with bits after the prefix, as in `10.0.0.7/8`, is refused, because it does not
    /// say if one address or the whole range is meant.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let malformed =
            || format!("`{text}` is not an IP address or a network such as `10.0.0.0/8`");
        let (address, prefix) = match text.split_once('/') {
            None => (text, None),
            Some((address, prefix)) => (address, Some(length(prefix).ok_or_else(malformed)?)),
        };
        let first: IpAddr = address.parse().map_err(|_| malformed())?;
        let prefix = prefix.unwrap_or_else(|| width(first));
        if is_mapped(first) {
            return Err(format!("`{text}` is an IPv4 address in IPv6: write it as IPv4"));
        }
        let Some(host_bits) = width(first).checked_sub(prefix) else {
            return Err(malformed());
        };
        if prefix == 0 {
            return Err(format!(
                "`{text}` contains every address: name the networks of the proxies"
            ));
        }
        let network = Self { first, prefix };
        if network.bits(first).checked_shl(host_bits) != Some(bits(first)) {
            return Err(format!(
                "`{text}` has bits after the prefix: write the first address of the network"
            ));
        }
        Ok(network)
    }

    /// Returns true if the address is in this range. An IPv4 address in IPv6, as in
    /// `::ffff:10.0.0.1`, counts as the IPv4 address, because a socket for both versions reports
    /// IPv4 peers in this form (RFC 4291 section 2.5.5.2).
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.first.is_ipv4() && self.bits(address) == self.bits(self.first)
    }

    /// Returns the bits of the address that belong to the prefix.
    fn bits(&self, address: IpAddr) -> u128 {
        let host_bits = width(address).saturating_sub(self.prefix);
        bits(address).checked_shr(host_bits).unwrap_or(0)
    }
}

/// Parses the length of a prefix: decimal digits without a sign.
fn length(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn is_mapped(address: IpAddr) -> bool {
    address != address.to_canonical()
}

fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_network_contains_the_addresses_with_its_prefix_only() {
        for (network, inside, outside) in [
            ("10.0.0.7", "10.0.0.7", "10.0.0.6"),
            ("10.0.0.7/32", "10.0.0.7", "10.0.0.8"),
            ("10.0.0.0/8", "10.255.255.255", "11.0.0.0"),
            ("10.0.0.0/8", "::ffff:10.1.2.3", "::ffff:11.1.2.3"),
            ("10.0.0.0/8", "10.0.0.0", "::10.1.2.3"),
            ("128.0.0.0/1", "255.0.0.1", "127.255.255.255"),
            ("::1", "::1", "127.0.0.1"),
            ("fd00::/8", "fdff::1", "fe00::1"),
            ("2001:db8::/127", "2001:db8::1", "2001:db8::2"),
        ] {
            let range = IpNetwork::parse(network).unwrap();
            assert!(range.contains(inside.parse().unwrap()), "{network} {inside}");
            assert!(!range.contains(outside.parse().unwrap()), "{network} {outside}");
        }
    }

    #[test]
    fn a_text_that_is_not_exactly_one_network_is_refused() {
        for text in [
            "",
            " ",
            "localhost",
            "10.0.0.0/",
            "/8",
            "10.0.0.0/33",
            "10.0.0.0/-1",
            "10.0.0.0/+8",
            "10.0.0.0/8/8",
            "10.0.0.0/ 8",
            " 10.0.0.0/8",
            "10.0.0.7/8",
            "10.0.0/8",
            "010.0.0.1",
            "0.0.0.0/0",
            "::/0",
            "::ffff:10.0.0.0/104",
            "::ffff:10.0.0.1",
            "fe80::1%eth0",
            "[::1]",
            "10.0.0.1:80",
            "10.0.0.0/4294967296",
            "2001:db8::1/127",
            "*",
        ] {
            let problem = IpNetwork::parse(text).unwrap_err();
            assert!(problem.starts_with(&format!("`{text}` ")), "{problem}");
        }
    }

    proptest! {
        #[test]
        fn a_network_is_the_set_of_addresses_that_agree_in_the_prefix(
            first: u32, other: u32, prefix in 1..=32_u32
        ) {
            let mask = u32::MAX << (32 - prefix);
            let start = std::net::Ipv4Addr::from(first & mask);
            let range = IpNetwork::parse(&format!("{start}/{prefix}")).unwrap();
            let contains = range.contains(std::net::Ipv4Addr::from(other).into());
            prop_assert_eq!(contains, other & mask == first & mask);
        }
    }
}
