//! Parses arbitrary bytes as a JWK set. The parser must not panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Some(usable) = axum_protected::fuzzing::usable_keys(data) {
        assert!((1..=100).contains(&usable));
    }
});
