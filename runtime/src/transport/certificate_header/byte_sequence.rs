//! The value of `Client-Cert`: DER as a Byte Sequence of structured fields (RFC 9440 section 2.2,
//! RFC 9651 section 3.3.5).

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use super::of_der;
use crate::transport::ClientCertificate;

/// Decodes as RFC 9651 section 4.2.7 asks of recipients: missing padding and pad bits that are not
/// zero are not errors. They do not change the certificate, from which the thumbprint is computed.
const DECODER: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Reads one Byte Sequence without parameters: RFC 9440 defines none, and a recipient that ignored
/// them could miss a condition.
pub(super) fn certificate(value: &[u8]) -> Option<ClientCertificate> {
    // RFC 9651 section 4.2: spaces around the item are discarded, other white space is not.
    let [b':', base64 @ .., b':'] = without_spaces(value) else {
        return None;
    };
    of_der(&DECODER.decode(base64).ok()?)
}

fn without_spaces(mut value: &[u8]) -> &[u8] {
    while let [b' ', rest @ ..] | [rest @ .., b' '] = value {
        value = rest;
    }
    value
}
