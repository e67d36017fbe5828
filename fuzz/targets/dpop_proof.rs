//! Reads arbitrary header and claims as a DPoP proof that is signed with a key. A proof whose parts are
//! read is bounded ASCII. Its signature is valid exactly if its `jwk` is the key that signed it. The
//! claims as an `htu` are the URI of at most one of two paths that differ.
#![no_main]

mod world;

use axum_protected::dpop::fuzzing::{is_target, proof_signature};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if proof_signature(data, "/items").is_some() {
        assert!(data.len() <= 8192 && data.is_ascii());
    }
    let mut parts = data.splitn(2, |byte| *byte == b'\n');
    let (header, claims) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let signed = world::signed(header, claims);
    if let Some(valid) = proof_signature(signed.as_bytes(), "/items") {
        // The key of `world` signs with Ed25519.
        assert_eq!(valid, names_the_key(header));
    }
    if let Ok(htu) = str::from_utf8(data) {
        assert!(!(is_target(htu, "/items") && is_target(htu, "/items/1")));
    }
});

/// Returns true if the header has the public key of `world`.
fn names_the_key(header: &[u8]) -> bool {
    let header: serde_json::Value = serde_json::from_slice(header).unwrap();
    header["jwk"]["kty"] == "OKP" && header["jwk"]["x"] == world::public_key().as_str()
}
