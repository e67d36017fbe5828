//! Ed25519 points that are no public keys (RFC 8032 section 5.1.3, RFC 8725 section 3.4).
//!
//! Under a point of small order the same signature is good for every eighth message at least, and
//! nobody needs a private key to make it.

/// The encodings of the points of order 1, 2, 4 and 8, without the sign of x. There are no others:
/// the small subgroup has eight points, in pairs that differ in that sign.
const SMALL_ORDER: [[u8; 32]; 5] = [
    repeated(0x01, 0x00, 0x00),
    repeated(0xEC, 0xFF, 0x7F),
    repeated(0x00, 0x00, 0x00),
    [
        0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98,
        0xF0, 0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53,
        0xFC, 0x05,
    ],
    [
        0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67,
        0x0F, 0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC,
        0x03, 0x7A,
    ],
];

const fn repeated(first: u8, middle: u8, last: u8) -> [u8; 32] {
    let m = middle;
    [
        first, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m,
        m, m, last,
    ]
}

/// Whether an encoded point may be a public key: written as the smallest number that means it
/// (RFC 8032 section 5.1.3 step 1), and not of small order.
pub(super) fn is_public_key(encoded: [u8; 32]) -> bool {
    let mut y = encoded;
    if let Some(last) = y.last_mut() {
        *last &= 0x7F;
    }
    is_reduced(&y) && !SMALL_ORDER.contains(&y)
}

/// Below 2^255 - 19, little-endian.
fn is_reduced(y: &[u8; 32]) -> bool {
    let prime = repeated(0xED, 0xFF, 0x7F);
    y.iter().rev().lt(prime.iter().rev())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_that_anybody_can_sign_for_are_no_keys() {
        for small in SMALL_ORDER {
            let mut negative = small;
            negative[31] |= 0x80;
            assert!(!is_public_key(small), "{small:?}");
            assert!(!is_public_key(negative), "{negative:?}");
        }
        for first in 0xED..=0xFF {
            assert!(!is_public_key(repeated(first, 0xFF, 0x7F)), "{first} unreduced");
            assert!(!is_public_key(repeated(first, 0xFF, 0xFF)), "{first} unreduced");
        }
        // RFC 8037 appendix A.2
        let good = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let good = base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, good).unwrap();
        assert!(is_public_key(good.try_into().unwrap()));
    }
}
