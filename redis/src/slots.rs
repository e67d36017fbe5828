//! The hash slots of a cluster.

/// Number of slots of a cluster.
const SLOTS: u16 = 16384;

/// Returns the slot of a key: the CRC of the key, or of the part between the first `{` and the next
/// `}` if that part is not empty.
pub(crate) fn slot(key: &str) -> u16 {
    let tag = key.split_once('{').and_then(|(_, rest)| rest.split_once('}'));
    let hashed = tag.map_or("", |(tag, _)| tag);
    crc16(if hashed.is_empty() { key.as_bytes() } else { hashed.as_bytes() }) % SLOTS
}

/// CRC-16 of the protocol XMODEM: polynomial 0x1021, initial value 0.
fn crc16(octets: &[u8]) -> u16 {
    octets.iter().fold(0, |crc, octet| {
        (0..8).fold(crc ^ (u16::from(*octet) << 8), |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The slots are the answers of Redis to `CLUSTER KEYSLOT`.
    #[test]
    fn the_slots_are_those_of_redis() {
        let cases = [
            ("axum-protected:revocations", 12776),
            ("foo", 12182),
            ("{user1000}.following", 3443),
            ("{user1000}.followers", 3443),
            ("foo{}{bar}", 8363),
            ("foo{{bar}}zap", 4015),
            ("foo{bar}{zap}", 5061),
            ("foo{bar", 15278),
            ("123456789", 12739),
            ("", 0),
        ];
        for (key, expected) in cases {
            assert_eq!(slot(key), expected, "{key}");
        }
    }
}
