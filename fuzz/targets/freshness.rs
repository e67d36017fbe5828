//! Parses arbitrary header fields of a response, one in each line. The calculated time until the
//! next fetch of the keys must stay between its minimum and its maximum.
#![no_main]

use http::{HeaderMap, HeaderName, HeaderValue};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut headers = HeaderMap::new();
    for line in data.split(|byte| *byte == b'\n').take(32) {
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let name = HeaderName::from_bytes(parts.next().unwrap_or_default());
        let value = HeaderValue::from_bytes(parts.next().unwrap_or_default().trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    let again = axum_protected::fuzzing::refresh_after(&headers).unwrap();
    let (least, most) =
        (std::time::Duration::from_secs(200), std::time::Duration::from_secs(86_400));
    assert!((least..=most).contains(&again));
});
