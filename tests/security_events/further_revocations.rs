//! Tests the application's function that returns further revocations.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum_protected::revocation::Revocation;
use axum_protected::security_event::{EventTransmitter, ReceivedEvent};
use serde_json::json;

use super::{
    CAEP, ISSUER, NOW, Receiver, access_token, builder, epoch, event, session_revoked, transmitter,
};

fn api(transmitter: EventTransmitter) -> Receiver {
    Receiver::of(builder().event_transmitter(transmitter))
}

/// Returns the revocation of `alice` for her e-mail address.
async fn by_email(event: ReceivedEvent) -> Result<Vec<Revocation>, String> {
    let email = event.subject().and_then(|subject| subject.get("email")?.as_str());
    let is_alice = event.ends_sessions() && email == Some("alice@example.com");
    let revocation = Revocation::subject(ISSUER, "alice", event.time());
    Ok(is_alice.then_some(revocation).into_iter().collect())
}

#[tokio::test]
async fn an_address_is_a_subject_if_the_application_knows_it() {
    let api = api(transmitter().further_revocations(by_email));
    let of = |email: &str| session_revoked().subject(json!({ "format": "email", "email": email }));
    assert_eq!(api.push(of("bob@example.com")).await.status, 202);
    assert_eq!(api.judge(access_token("alice", "s1")).await, "accepted");
    assert_eq!(api.push(of("alice@example.com")).await.status, 202);
    assert_eq!(api.judge(access_token("alice", "s1")).await, "revoked_token");
    assert_eq!(api.judge(access_token("alice", "s1").claim("iat", NOW + 1)).await, "accepted");
}

#[tokio::test]
async fn the_application_sees_the_event() {
    let seen = async |event: ReceivedEvent| {
        assert_eq!(event.transmitter(), ISSUER);
        assert_eq!(event.event_type(), format!("{CAEP}device-compliance-change"));
        assert_eq!(event.subject().unwrap()["device"]["id"], "d1");
        assert_eq!(event.claims()["current_status"], "not-compliant");
        assert_eq!(event.time(), epoch(NOW - 5));
        assert!(!event.ends_sessions());
        assert!(!format!("{event:?}").contains("d1"));
        Ok::<_, String>(vec![Revocation::session(ISSUER, "s1")])
    };
    let api = api(transmitter().further_revocations(seen));
    let device = json!({ "format": "complex", "device": { "format": "opaque", "id": "d1" } });
    let event = event(&format!("{CAEP}device-compliance-change")).subject(device);
    let event = event.member("current_status", "not-compliant").member("event_timestamp", NOW - 5);
    assert_eq!(api.push(event).await.status, 202);
    assert_eq!(api.judge(access_token("alice", "s1")).await, "revoked_token");
}

#[tokio::test]
async fn an_error_or_a_panic_lets_the_transmitter_try_again() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let failing = move |_| {
        let call = counted.fetch_add(1, Ordering::Relaxed);
        async move {
            match call {
                0 => Err("the database is away".to_owned()),
                1 => panic!("a panic in `further_revocations`"),
                _ => Ok(vec![Revocation::session(ISSUER, "s1")]),
            }
        }
    };
    let api = api(transmitter().further_revocations(failing));
    let event = session_revoked().subject(json!({ "format": "email", "email": "x" })).sign();
    for status in [503, 503, 202, 202] {
        assert_eq!(api.push_text(event.clone()).await.status, status);
    }
    assert_eq!(calls.load(Ordering::Relaxed), 3);
    assert_eq!(api.judge(access_token("alice", "s1")).await, "revoked_token");
}

#[tokio::test]
async fn the_application_revokes_only_what_the_transmitter_may() {
    const OTHER: &str = "https://other.example.com";
    let foreign = async |_| Ok::<_, String>(vec![Revocation::session(OTHER, "s1")]);
    let transmitter = transmitter().further_revocations(foreign);
    let server = builder().issuer(super::issuer(OTHER)).event_transmitter(transmitter);
    let api = Receiver::of(server);
    assert_eq!(api.push(session_revoked()).await.outcome(), (400, "access_denied".to_owned()));
    let other = super::access_token_of(OTHER, "alice", "s1");
    assert_eq!(api.judge(other).await, "accepted");
    assert_eq!(api.judge(access_token("alice", "s1")).await, "accepted");
}
