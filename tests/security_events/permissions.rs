//! Tests that a transmitter revokes only the tokens of permitted issuers.

use axum_protected::security_event::EventTransmitter;
use serde_json::{Value, json};

use super::{
    CAEP, ISSUER, RECEIVER, Receiver, access_token, access_token_of, builder, event_of, issuer,
    opaque, user,
};

const MONITOR: &str = "https://monitor.example.com";

/// Returns a receiver with a transmitter beside the issuer.
fn api(transmitter: EventTransmitter) -> Receiver {
    Receiver::of(builder().issuer(issuer(MONITOR)).event_transmitter(transmitter))
}

fn monitor() -> EventTransmitter {
    EventTransmitter::new(MONITOR).audience(RECEIVER)
}

async fn push(api: &Receiver, subject: Value) -> (u16, String) {
    let event = event_of(MONITOR, &format!("{CAEP}session-revoked")).subject(subject);
    api.push(event).await.outcome()
}

#[tokio::test]
async fn a_transmitter_cannot_revoke_the_tokens_of_another_issuer() {
    let api = api(monitor());
    let denied = (400, "access_denied".to_owned());
    for subject in [
        user(ISSUER, "alice"),
        json!({ "format": "jwt_id", "iss": ISSUER, "jti": "t1" }),
        json!({ "format": "complex", "user": user(ISSUER, "alice"), "session": opaque("s1") }),
        json!({ "format": "complex", "session": user(ISSUER, "s1") }),
        json!({ "format": "complex", "user": user(ISSUER, "alice"), "session": user(MONITOR, "s1") }),
    ] {
        assert_eq!(push(&api, subject.clone()).await, denied, "{subject}");
        assert_eq!(api.judge(access_token("alice", "s1")).await, "accepted", "{subject}");
    }
    // An identifier without an issuer is one of the transmitter itself.
    assert_eq!(push(&api, opaque("s1")).await.0, 202);
    assert_eq!(api.judge(access_token("alice", "s1")).await, "accepted");
    assert_eq!(api.judge(access_token_of(MONITOR, "alice", "s1")).await, "revoked_token");
}

#[tokio::test]
async fn a_transmitter_with_permission_can() {
    let api = api(monitor().about(ISSUER));
    assert_eq!(push(&api, user(ISSUER, "alice")).await.0, 202);
    assert_eq!(api.judge(access_token("alice", "s1")).await, "revoked_token");
    assert_eq!(api.judge(access_token_of(MONITOR, "alice", "s1")).await, "accepted");
    assert_eq!(push(&api, user(MONITOR, "alice")).await.0, 202);
    assert_eq!(api.judge(access_token_of(MONITOR, "alice", "s1")).await, "revoked_token");
}

/// The tokens of an issuer that the server does not trust are refused anyway.
#[tokio::test]
async fn an_event_about_an_unknown_issuer_has_no_effect() {
    let api = api(monitor().about(ISSUER));
    assert_eq!(push(&api, user("https://unknown.example.com", "alice")).await.0, 202);
    assert_eq!(push(&api, user(&format!("{ISSUER}/"), "alice")).await.0, 202);
    assert_eq!(api.judge(access_token("alice", "s1")).await, "accepted");
}

/// All members of a complex subject must match, and no token of the server is of such a user.
#[tokio::test]
async fn a_complex_subject_with_a_user_of_an_unknown_issuer_has_no_effect() {
    const UNKNOWN: &str = "https://unknown.example.com";
    let alice = user(UNKNOWN, "alice");
    let token = json!({ "format": "jwt_id", "iss": UNKNOWN, "jti": "t1" });
    let own_token = json!({ "format": "jwt_id", "iss": ISSUER, "jti": "t1" });
    let sessions =
        [opaque("s1"), user(ISSUER, "s1"), user(MONITOR, "s1"), user(UNKNOWN, "s1"), own_token];
    for (foreign, session) in [&alice, &token]
        .into_iter()
        .flat_map(|foreign| sessions.iter().map(move |session| (foreign, session)))
    {
        for name in ["session-revoked", "token-claims-change", "credential-change"] {
            let api = api(monitor().about(ISSUER));
            let subject = json!({ "format": "complex", "user": foreign, "session": session });
            let event = event_of(MONITOR, &format!("{CAEP}{name}")).subject(subject.clone());
            assert_eq!(api.push(event).await.outcome().0, 202, "{name} {subject}");
            for issuer in [ISSUER, MONITOR] {
                let judged = api.judge(access_token_of(issuer, "alice", "s1")).await;
                assert_eq!(judged, "accepted", "{name} {subject} {issuer}");
            }
        }
    }
}
