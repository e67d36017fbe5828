//! Parses arbitrary bytes as a JWK set. The parser must not panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    if let Some(usable) = axum_protected::fuzzing::usable_keys(data) {
        let document: Value = serde_json::from_slice(data).unwrap();
        let published = document["keys"].as_array().unwrap().len();
        assert!(published <= 100 && usable > 0);
    }
});
