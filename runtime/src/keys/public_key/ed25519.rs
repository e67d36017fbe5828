//! Rejects Ed25519 points that must not be used as public keys (RFC 8032 section 5.1.3, RFC 8725
//! section 3.4).
//!
//! If a public key is a point of small order, anyone can make a signature without a private key,
//! and this signature is valid for at least every eighth message.

/// Encodings of all points of order 1, 2, 4 and 8, with the sign bit of x cleared. The small
/// subgroup has eight points, and two points with the same y have the same encoding except for the
/// sign bit.
const SMALL_ORDER: [[u8; 32]; 5] = [
    fill(0x01, 0x00, 0x00),
    fill(0xEC, 0xFF, 0x7F),
    fill(0x00, 0x00, 0x00),
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

const fn fill(first: u8, middle: u8, last: u8) -> [u8; 32] {
    let m = middle;
    [
        first, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m,
        m, m, last,
    ]
}

/// Returns true if the encoding of the point is canonical (RFC 8032 section 5.1.3 step 1) and the
/// order of the point is not small.
pub(super) fn is_public_key(encoded: [u8; 32]) -> bool {
    let mut y = encoded;
    if let Some(last) = y.last_mut() {
        *last &= 0x7F;
    }
    is_reduced(&y) && !SMALL_ORDER.contains(&y)
}

/// Returns true if the little-endian number is below 2^255 - 19.
fn is_reduced(y: &[u8; 32]) -> bool {
    let prime = fill(0xED, 0xFF, 0x7F);
    y.iter().rev().lt(prime.iter().rev())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_small_order_and_unreduced_encodings_are_rejected() {
        for small in SMALL_ORDER {
            let mut negative = small;
            negative[31] |= 0x80;
            assert!(!is_public_key(small), "{small:?}");
            assert!(!is_public_key(negative), "{negative:?}");
        }
        for first in 0xED..=0xFF {
            assert!(!is_public_key(fill(first, 0xFF, 0x7F)), "{first} unreduced");
            assert!(!is_public_key(fill(first, 0xFF, 0xFF)), "{first} unreduced");
        }
        // The public key of RFC 8037 appendix A.2.
        let text = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let good = base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, text).unwrap();
        assert!(is_public_key(good.try_into().unwrap()));
    }
}
