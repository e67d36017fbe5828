//! Encodes the public keys of tests as `SubjectPublicKeyInfo` (RFC 5280 section 4.1).

use axum_protected_testing::SigningKeys;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

/// Object identifiers in DER: `rsaEncryption` with its parameters, `id-ecPublicKey` with P-256, and
/// `id-Ed25519`.
const RSA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
const P256: &[u8] = b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";
const ED25519: &[u8] = b"\x06\x03\x2b\x65\x70";

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;

/// Returns the DER of the key at this index.
pub(crate) fn der(keys: &SigningKeys, index: usize) -> Vec<u8> {
    let jwk = &keys.jwks()["keys"][index];
    let (algorithm, key) = match jwk["kty"].as_str() {
        Some("RSA") => {
            let numbers = [integer(&number(jwk, "n")), integer(&number(jwk, "e"))].concat();
            (RSA, value(SEQUENCE, &numbers))
        }
        Some("EC") => (P256, [vec![4], number(jwk, "x"), number(jwk, "y")].concat()),
        _ => (ED25519, number(jwk, "x")),
    };
    let key = value(BIT_STRING, &[vec![0], key].concat());
    value(SEQUENCE, &[value(SEQUENCE, algorithm), key].concat())
}

/// Returns the PEM of the key at this index.
pub(crate) fn pem(keys: &SigningKeys, index: usize) -> String {
    let body = STANDARD.encode(der(keys, index));
    format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
}

fn number(jwk: &Value, member: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(jwk[member].as_str().unwrap()).unwrap()
}

fn integer(number: &[u8]) -> Vec<u8> {
    let sign = if number[0] >= 0x80 { vec![0] } else { Vec::new() };
    value(INTEGER, &[&sign, number].concat())
}

fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let head = match u8::try_from(length) {
        Ok(short @ 0..=0x7F) => vec![tag, short],
        _ => [&[tag, 0x82], &u16::try_from(length).unwrap().to_be_bytes()[..]].concat(),
    };
    [&head, content].concat()
}
