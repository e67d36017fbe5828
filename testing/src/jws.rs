//! The compact serialization of a signed JSON object (RFC 7515 section 3.1).

use serde_json::{Map, Value};

use super::digest::encode;
use super::signing_key::SigningKey;

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
