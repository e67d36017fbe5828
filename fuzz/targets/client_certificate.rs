//! Reads arbitrary values of the header with a client's certificate, in each format. A value that is
//! read is bounded printable ASCII, and the server refuses it in two lines. No value has a certificate
//! in two formats.
#![no_main]

use axum_protected::certificate_thumbprint;
use axum_protected::server::ClientCertificateFormat::{Envoy, Nginx, Rfc9440};
use http::HeaderValue;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(line) = HeaderValue::from_bytes(data) else {
        return;
    };
    let mut accepted = 0;
    for format in [Rfc9440, Nginx, Envoy] {
        if certificate_thumbprint(format, &[line.clone()]).is_some() {
            accepted += 1;
            assert!(data.len() <= 16 * 1024);
            assert!(data.iter().all(|byte| (b' '..=b'~').contains(byte)));
        }
        assert_eq!(certificate_thumbprint(format, &[line.clone(), line.clone()]), None);
    }
    assert!(accepted <= 1);
});
