//! Parses arbitrary bytes as public keys in PEM and as a public key in DER. The parsers must not
//! panic.
#![no_main]

use axum_protected::fuzzing;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let is_der = fuzzing::is_der_key(data);
    if let Ok(text) = str::from_utf8(data)
        && let Some(keys) = fuzzing::pem_keys(text)
    {
        // No input is PEM and DER.
        assert!((1..=100).contains(&keys) && !is_der);
    }
});
