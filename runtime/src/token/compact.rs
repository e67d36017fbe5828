//! Decodes the three parts of a token in compact serialization (RFC 7515 section 7.1).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::RefusalKind::{self, EncryptedToken, MalformedToken};
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
    pub(crate) fn parse(text: &'a str) -> Result<Self, RefusalKind> {
        let parts = Parts::split(text)?;
        let mut octets = Vec::with_capacity(text.len());
        let header = object(parts.header, &mut octets)?;
        let claims = object(parts.payload, &mut octets)?;
        decode(parts.signature, &mut octets)?;
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
    pub(crate) fn split(text: &'a str) -> Result<Self, RefusalKind> {
        let (signing_input, signature) = text.rsplit_once('.').ok_or(MalformedToken)?;
        let (header, payload) = signing_input.split_once('.').ok_or(MalformedToken)?;
        match payload.matches('.').count() {
            0 => {}
            // A token with five parts is a JWE (RFC 7516 section 9). A JWE has its own error, so
            // that the operator sees the cause.
            2 => return Err(EncryptedToken),
            _ => return Err(MalformedToken),
        }
        Ok(Self { header, payload, signature, signing_input })
    }
}

/// Decodes base64url. Padding and non-zero trailing bits are errors, so that each octet string has
/// exactly one accepted encoding (RFC 7515 section 2, RFC 4648 section 3.5).
pub(crate) fn decode(part: &str, octets: &mut Vec<u8>) -> Result<(), RefusalKind> {
    octets.clear();
    URL_SAFE_NO_PAD.decode_vec(part, octets).map_err(|_| MalformedToken)
}

pub(crate) fn object(part: &str, octets: &mut Vec<u8>) -> Result<Document, RefusalKind> {
    decode(part, octets)?;
    json::object(octets).map_err(|_| MalformedToken)
}
