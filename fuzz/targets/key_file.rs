//! Parses arbitrary bytes as the content of a key file. The parser must not panic, and it accepts
//! nothing that is neither a JWK set nor PEM.
#![no_main]

use axum_protected::fuzzing;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Some(keys) = fuzzing::file_keys(data) {
        let set = fuzzing::usable_keys(data);
        let pem = str::from_utf8(data).ok().and_then(fuzzing::pem_keys);
        assert!(set == Some(keys) || pem == Some(keys));
    }
});
