//! Parses arbitrary bytes as an answer of an introspection endpoint. An answer that says yes must be
//! one JSON object whose `active` is the value `true`, and the identity must have its issuer.
#![no_main]

use axum_protected::{IntrospectionVerdict, introspection_verdict};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const ISSUER: &str = "https://id.example.com";

fuzz_target!(|data: &[u8]| {
    match introspection_verdict(data, ISSUER) {
        IntrospectionVerdict::Active(claims) => {
            let answer: Value = serde_json::from_slice(data).unwrap();
            assert_eq!(answer["active"], true);
            let claims: Value = serde_json::from_str(&claims).unwrap();
            assert_eq!(claims["iss"], ISSUER);
            assert_eq!(claims.get("active"), None);
            for (name, value) in claims.as_object().unwrap() {
                assert!(name == "iss" || answer[name] == *value, "{name}");
            }
        }
        IntrospectionVerdict::Inactive => {
            let answer: Value = serde_json::from_slice(data).unwrap();
            assert_eq!(answer["active"], false);
        }
        _ => {}
    }
});
