//! Decodes the three parts of a token in compact serialization (RFC 7515 section 7.1).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::Fault;
use crate::json::{self, Document};

/// Decoded token whose signature and claims have not been verified.
pub(crate) struct Compact<'a> {
    pub(crate) header: Document,
    pub(crate) claims: Document,
    pub(crate) signature: Vec<u8>,
    /// Octets that the signature covers, exactly as they were received (RFC 7515 section 5.2 step
    /// 8).
    pub(crate) signing_input: &'a [u8],
}

impl<'a> Compact<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Fault> {
        let parts = Parts::split(text)?;
        let mut octets = Vec::with_capacity(text.len());
        let header =
            object(parts.header, &mut octets, Fault::HeaderNotBase64, Fault::HeaderNotObject)?;
        let claims =
            object(parts.payload, &mut octets, Fault::ClaimsNotBase64, Fault::ClaimsNotObject)?;
        decode(parts.signature, &mut octets, Fault::SignatureNotBase64)?;
        Ok(Self {
            header,
            claims,
            signature: octets,
            signing_input: parts.signing_input.as_bytes(),
        })
    }
}

/// Parts of a token, not decoded from base64url.
pub(crate) struct Parts<'a> {
    pub(crate) header: &'a str,
    pub(crate) payload: &'a str,
    pub(crate) signature: &'a str,
    pub(crate) signing_input: &'a str,
}

impl<'a> Parts<'a> {
    pub(crate) fn split(text: &'a str) -> Result<Self, Fault> {
        Self::of_three(text).ok_or_else(|| fault_of_form(text))
    }

    fn of_three(text: &'a str) -> Option<Self> {
        let (signing_input, signature) = text.rsplit_once('.')?;
        let (header, payload) = signing_input.split_once('.')?;
        (!payload.contains('.')).then_some(Self { header, payload, signature, signing_input })
    }
}

/// Returns the fault of a text that does not consist of three parts. The text is a JWT if its first
/// part is a JOSE header.
fn fault_of_form(text: &str) -> Fault {
    let mut parts = text.split('.');
    let first = parts.next().unwrap_or_default();
    // A token with five parts is a JWE (RFC 7516 section 9).
    if parts.count() == 4 {
        return Fault::Encrypted;
    }
    object(first, &mut Vec::new(), Fault::Opaque, Fault::Opaque)
        .map_or_else(|fault| fault, |_| Fault::PartCount)
}

/// Returns true if the first part of a text is a JSON object, as in each JWT.
pub(crate) fn has_json_header(text: &str) -> bool {
    let first = text.split('.').next().unwrap_or_default();
    object(first, &mut Vec::new(), Fault::Opaque, Fault::Opaque).is_ok()
}

/// Returns the header and the claims of a text, each if it can be decoded, even if the text is not a
/// token.
pub(crate) fn readable_parts(text: &str) -> [Option<Document>; 2] {
    let mut parts = text.split('.');
    let mut next = || {
        let fault = Fault::PartCount;
        object(parts.next()?, &mut Vec::new(), fault, fault).ok()
    };
    [next(), next()]
}

/// Decodes base64url. Padding and non-zero trailing bits are errors, so that each octet string has
/// exactly one accepted encoding (RFC 7515 section 2, RFC 4648 section 3.5).
pub(crate) fn decode(part: &str, octets: &mut Vec<u8>, fault: Fault) -> Result<(), Fault> {
    octets.clear();
    URL_SAFE_NO_PAD.decode_vec(part, octets).map_err(|_| fault)
}

/// Decodes one JSON object. Returns the first fault for text that is not base64url, and the second
/// fault for octets that are not one JSON object.
pub(crate) fn object(
    part: &str,
    octets: &mut Vec<u8>,
    not_base64: Fault,
    not_object: Fault,
) -> Result<Document, Fault> {
    decode(part, octets, not_base64)?;
    json::object(octets).map_err(|_| not_object)
}
