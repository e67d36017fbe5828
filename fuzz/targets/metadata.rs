//! Parses arbitrary bytes as issuer metadata. A document that the parser accepts must name this
//! issuer and an https URL.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const ISSUER: &str = "https://id.example.com";

fuzz_target!(|data: &[u8]| {
    if let Some(url) = axum_protected::fuzzing::jwks_uri(data, ISSUER) {
        let document: Value = serde_json::from_slice(data).unwrap();
        assert_eq!(document["issuer"], ISSUER);
        assert!(url.starts_with("https://") && document["jwks_uri"].is_string());
    }
});
