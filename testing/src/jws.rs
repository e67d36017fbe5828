//! The compact serialization of a signed JSON object (RFC 7515 section 3.1).

use serde_json::{Map, Value};

use super::digest::{decode, encode};
use super::public_key::is_signature;
use super::signing_key::SigningKey;
use axum_protected::Algorithm;

/// A JWS that has been read, but not verified.
pub(super) struct Jws<'a> {
    pub(super) header: Map<String, Value>,
    pub(super) payload: Map<String, Value>,
    signing_input: &'a str,
    signature: Vec<u8>,
}

impl<'a> Jws<'a> {
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let (signing_input, signature) = text.rsplit_once('.')?;
        let (header, payload) = signing_input.split_once('.')?;
        Some(Self {
            header: object(header)?,
            payload: object(payload)?,
            signing_input,
            signature: decode(signature)?,
        })
    }

    /// Returns the asymmetric algorithm that the header names.
    pub(super) fn algorithm(&self) -> Option<Algorithm> {
        let algorithm = self.header.get("alg").and_then(Value::as_str).and_then(Algorithm::named);
        algorithm.filter(|algorithm| Algorithm::ALL.contains(algorithm))
    }

    /// Returns true if the key in this JWK has made the signature.
    pub(super) fn is_signed_by(&self, jwk: &Map<String, Value>) -> bool {
        let message = self.signing_input.as_bytes();
        self.algorithm().is_some_and(|alg| is_signature(jwk, alg, message, &self.signature))
    }
}

fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&decode(part)?).ok()
}

/// Signs a payload and returns `header.payload.signature`. A header parameter `null` is left out.
///
/// The signature is empty without a key, or if the operating system returns no randomness.
pub(super) fn compact(
    mut header: Map<String, Value>,
    payload: Map<String, Value>,
    key: Option<&SigningKey>,
) -> String {
    header.retain(|_, value| !value.is_null());
    let parts = [Value::Object(header), Value::Object(payload)];
    let input = parts.map(|part| encode(part.to_string())).join(".");
    let signature = key.and_then(|key| key.sign(input.as_bytes()).ok());
    format!("{input}.{}", encode(signature.unwrap_or_default()))
}

/// Returns the members of an object, and nothing for another value.
pub(super) fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
