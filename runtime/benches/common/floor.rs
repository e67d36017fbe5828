//! The two kinds of minimum work of a guard: the verification of a signature with a parsed key, and
//! the comparison of a token with a known token.

use std::hash::{BuildHasher, RandomState};
use std::hint::black_box;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RsaPublicKeyComponents,
};
use axum_protected::Algorithm;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// Returns a closure that verifies the signature of each token, or proof, with the key.
pub(crate) fn verification<'a>(
    key: ParsedPublicKey,
    tokens: impl Iterator<Item = &'a str>,
) -> Box<dyn FnOnce()> {
    let signed: Vec<_> = tokens
        .map(|token| {
            let (message, signature) = token.rsplit_once('.').unwrap();
            (message.to_owned(), decode(signature))
        })
        .collect();
    Box::new(move || {
        for (message, signature) in &signed {
            key.verify_sig(message.as_bytes(), signature).unwrap();
        }
    })
}

/// Returns a closure that hashes each token and compares it with the known token. The hash covers
/// the whole token and has a secret key, because senders choose the tokens.
pub(crate) fn comparison<'a>(tokens: impl Iterator<Item = &'a str>) -> Box<dyn FnOnce()> {
    let tokens: Vec<_> = tokens.map(str::to_owned).collect();
    let known = tokens.first().cloned().unwrap_or_default();
    let hasher = RandomState::new();
    let hash = hasher.hash_one(&known);
    Box::new(move || {
        for token in &tokens {
            let is_known = hasher.hash_one(black_box(token)) == hash && *token == known;
            assert!(black_box(is_known));
        }
    })
}

/// Parses the key of the set with this `alg`.
pub(crate) fn key_of_set(jwks: &Value, algorithm: Algorithm) -> ParsedPublicKey {
    let published = jwks.pointer("/keys").and_then(Value::as_array).unwrap();
    let jwk = published
        .iter()
        .find(|jwk| jwk.get("alg").and_then(Value::as_str) == Some(algorithm.name()))
        .unwrap();
    key(jwk, algorithm)
}

/// Parses the key in the header of a proof.
pub(crate) fn key_of_proof(proof: &str, algorithm: Algorithm) -> ParsedPublicKey {
    let (header, _) = proof.split_once('.').unwrap();
    let header: Value = serde_json::from_slice(&decode(header)).unwrap();
    key(header.get("jwk").unwrap(), algorithm)
}

fn key(jwk: &Value, algorithm: Algorithm) -> ParsedPublicKey {
    let octets = |name: &str| decode(jwk.get(name).and_then(Value::as_str).unwrap());
    let parsed = match algorithm {
        Algorithm::EdDSA => ParsedPublicKey::new(&ED25519, octets("x")),
        Algorithm::ES256 => {
            let point = [vec![0x04], octets("x"), octets("y")].concat();
            ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
        }
        _ => {
            let (n, e) = (octets("n"), octets("e"));
            RsaPublicKeyComponents { n, e }.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
        }
    };
    parsed.unwrap()
}

fn decode(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}
