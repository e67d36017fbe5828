//! The SHA-256 thumbprint of a key or a certificate.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// The SHA-256 digest that identifies a key (RFC 7638) or a certificate (RFC 8705 section 3.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Thumbprint([u8; 32]);

impl Thumbprint {
    /// Computes the thumbprint of these octets: the canonical JSON of a key, or the DER of a
    /// certificate.
    pub(crate) fn of(octets: &[u8]) -> Self {
        Self(Sha256::digest(octets).into())
    }

    /// Reads base64url without padding. A digest has exactly one accepted spelling: padding and
    /// non-zero trailing bits are errors.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut octets = [0; 32];
        // The exact length also rejects a longer text before it is decoded.
        let is_whole = text.len() == 43
            && URL_SAFE_NO_PAD.decode_slice(text, &mut octets).is_ok_and(|length| length == 32);
        is_whole.then_some(Self(octets))
    }

    pub(crate) const fn octets(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Writes no digits, because a thumbprint identifies a client.
impl fmt::Debug for Thumbprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Thumbprint(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_has_one_spelling() {
        let text = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
        assert!(Thumbprint::parse(text).is_some());
        let hex = "d1970e08e459358cbe0d6a6aab7d2367";
        for wrong in [
            "",
            &format!("{text}="),
            &text.replace('-', "+"),
            &text.replace("A4I", "A4J"),
            &text[1..],
            &format!("{text}A"),
            hex,
            &format!("{hex}{hex}"),
            &format!(" {text}"),
        ] {
            assert!(Thumbprint::parse(wrong).is_none(), "{wrong}");
        }
    }
}
