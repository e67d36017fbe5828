//! Decodes base64 in the variants that issuers and operators write.

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, URL_SAFE_NO_PAD};

/// Decoder for base64url with padding or without.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Octets of a base64 text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    pub(crate) octets: Vec<u8>,
    /// True if the text is base64url without padding, as RFC 7515 section 2 defines it.
    pub(crate) is_standard: bool,
}

/// Decodes base64url or base64, with padding or without. Returns `None` for any other text, for
/// example with white space.
pub(crate) fn decode(text: &str) -> Option<Decoded> {
    if let Ok(octets) = URL_SAFE_NO_PAD.decode(text) {
        return Some(Decoded { octets, is_standard: true });
    }
    let url_safe = text.replace('+', "-").replace('/', "_");
    let octets = LENIENT.decode(url_safe).ok()?;
    Some(Decoded { octets, is_standard: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_variant_of_base64_is_decoded() {
        let standard: &[(&str, &[u8])] =
            &[("", &[]), ("AQAB", &[1, 0, 1]), ("-_8", &[0xFB, 0xFF]), ("-w", &[0xFB])];
        for (text, octets) in standard {
            let expected = Decoded { octets: octets.to_vec(), is_standard: true };
            assert_eq!(decode(text), Some(expected), "{text}");
        }
        let variants: &[(&str, &[u8])] = &[
            ("-_8=", &[0xFB, 0xFF]),
            ("+/8", &[0xFB, 0xFF]),
            ("+/8=", &[0xFB, 0xFF]),
            ("+w==", &[0xFB]),
            ("-w=", &[0xFB]),
        ];
        for (text, octets) in variants {
            let expected = Decoded { octets: octets.to_vec(), is_standard: false };
            assert_eq!(decode(text), Some(expected), "{text}");
        }
        for text in ["A", "=", "====", "AQAB=", "AQ=AB", "AQ AB", "AQAB\n", "AQAB!", "-x", "ä"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
