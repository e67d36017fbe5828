//! A certificate in PEM with percent-encoding, as nginx and Envoy write it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::of_der;
use crate::transport::ClientCertificate;

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
const END: &[u8] = b"-----END CERTIFICATE-----";

/// Reads a text with exactly one certificate. A chain is not one certificate, because nothing says
/// which of its certificates the client has presented.
pub(super) fn certificate(value: &[u8]) -> Option<ClientCertificate> {
    let pem = percent_decoded(value)?;
    let body = pem.strip_prefix(BEGIN)?;
    let base64 = without_line_breaks(without_last_line_break(body).strip_suffix(END)?);
    of_der(&STANDARD.decode(base64).ok()?)
}

/// Decodes percent-encoding (RFC 3986 section 2.1). A character that must be encoded, such as a
/// space, is malformed. A `+` stands for itself: in the base64 of PEM it is frequent, and a space
/// is not.
fn percent_decoded(value: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(value.len());
    let mut rest = value;
    loop {
        rest = match rest {
            [] => return Some(decoded),
            [b'%', high, low, after @ ..] => {
                decoded.push(octet(*high, *low)?);
                after
            }
            [byte, after @ ..] if is_literal(*byte) => {
                decoded.push(*byte);
                after
            }
            _ => return None,
        };
    }
}

/// Returns true for an unreserved character (RFC 3986 section 2.3) and for a character of base64.
fn is_literal(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)
}

/// Returns the octet that two hexadecimal digits stand for.
pub(super) fn octet(high: u8, low: u8) -> Option<u8> {
    let digit = |byte| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? << 4 | digit(low)?).ok()
}

fn without_last_line_break(text: &[u8]) -> &[u8] {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    text.strip_suffix(b"\r").unwrap_or(text)
}

fn without_line_breaks(text: &[u8]) -> Vec<u8> {
    text.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect()
}
