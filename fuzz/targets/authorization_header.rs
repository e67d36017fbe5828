//! Sends arbitrary lines of the `Authorization` header field. The server must refuse every line,
//! because no line contains a token that the issuer signed.
#![no_main]

mod world;

use axum_protected::RefusalKind::{InvalidRequest, MissingToken};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut headers = HeaderMap::new();
    for line in data.split(|byte| *byte == b'\n').take(4) {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(AUTHORIZATION, value);
        }
    }
    let lines = headers.len();
    let judged = world::judge(|server| async move { server.authenticate(&headers).await });
    let kind = judged.expect_err("an unsigned token was accepted").kind();
    match lines {
        0 => assert_eq!(kind, MissingToken),
        1 => {}
        _ => assert_eq!(kind, InvalidRequest),
    }
});
