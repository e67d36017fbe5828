//! Verifies arbitrary text as a token. The server must refuse every text.
#![no_main]

mod world;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = str::from_utf8(data) {
        let judged = world::judge(|server| server.authenticate(text));
        assert!(judged.is_err());
    }
});
