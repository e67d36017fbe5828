//! Reads arbitrary claims as those of a security event token. An accepted event must have the
//! claims that its kind demands, a time that is not after its token, and revocations of its
//! transmitter only.
#![no_main]

use std::time::{Duration, UNIX_EPOCH};

use axum_protected::security_event::fuzzing::{LEEWAY, security_event};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const TRANSMITTER: &str = "https://id.example.com";
const AUDIENCE: &str = "https://api.example.com/security-events";
const OTHER: &str = "https://other.example.com";
const NOW: Duration = Duration::from_secs(1_700_000_000);
const MINUTE: Duration = Duration::from_secs(60);

fuzz_target!(|data: &[u8]| {
    let now = UNIX_EPOCH + NOW;
    let Some((event, issuers)) = security_event(data, TRANSMITTER, AUDIENCE, OTHER, now) else {
        return;
    };
    let claims: Value = serde_json::from_slice(data).unwrap();
    assert_eq!(claims["iss"], TRANSMITTER);
    let audience = &claims["aud"];
    let several = audience.as_array().is_some_and(|all| all.contains(&AUDIENCE.into()));
    assert!(*audience == AUDIENCE || several);
    assert!(claims["jti"].as_str().is_some_and(|id| !id.is_empty()));
    assert!(claims.get("exp").is_none() && claims.get("sub").is_none());
    let events = claims["events"].as_object().unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[event.event_type()].as_object(), Some(event.claims()));
    let subject = claims.get("sub_id").or_else(|| event.claims().get("subject"));
    assert_eq!(subject.and_then(Value::as_object), event.subject());

    let issued_at = claims["iat"].as_f64().unwrap();
    assert!(issued_at <= (NOW + MINUTE).as_secs_f64());
    assert!(event.time() <= now + LEEWAY);
    let time = event.time().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    // Numbers with a fraction are rounded.
    assert!(time <= issued_at.max(0.0) + LEEWAY.as_secs_f64() + 1e-3);

    assert!(issuers.iter().all(|issuer| issuer == TRANSMITTER));
    assert!(issuers.is_empty() || event.ends_sessions() && subject.is_some());
});
