//! Reads arbitrary claims as those of a logout token. An accepted one must have the claims that its
//! kind demands, and must have been issued recently.
#![no_main]

use std::time::{Duration, UNIX_EPOCH};

use axum_protected::security_event::fuzzing::{LEEWAY, logout_token};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const ISSUER: &str = "https://id.example.com";
const CLIENT: &str = "shop";
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
const NOW: Duration = Duration::from_secs(1_700_000_000);
const LARGEST_AGE: Duration = Duration::from_secs(600);

fuzz_target!(|data: &[u8]| {
    let now = UNIX_EPOCH + NOW;
    let Some(token) = logout_token(data, ISSUER, CLIENT, now) else { return };
    let claims: Value = serde_json::from_slice(data).unwrap();
    assert_eq!(claims["iss"], ISSUER);
    let audience = &claims["aud"];
    let several = audience.as_array().is_some_and(|all| all.contains(&CLIENT.into()));
    assert!(*audience == CLIENT || several);
    assert!(claims["events"][EVENT].is_object());
    assert!(claims.get("nonce").is_none());
    assert!(!token.id.is_empty() && claims["jti"] == token.id.as_str());
    assert!(token.subject.is_some() || token.session.is_some());
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    assert_eq!(text("sub"), token.subject.as_deref());
    assert_eq!(text("sid"), token.session.as_deref());
    assert!(token.issued_at + LARGEST_AGE + LEEWAY >= now);
    assert!(token.issued_at <= now + Duration::from_secs(60));
    assert!(claims["exp"].as_f64().unwrap() + LEEWAY.as_secs_f64() >= NOW.as_secs_f64());
});
