//! Tests which tokens each event revokes.

use axum_protected_testing::ManualClock;
use serde_json::{Value, json};

use super::{
    CAEP, ISSUER, NOW, RISC, Receiver, SSF, access_token, builder, epoch, event, opaque,
    session_revoked, transmitter, user,
};

/// The tokens of the API: of two sessions of `alice`, of one of `bob`, and a later one of `alice`.
async fn judged(api: &Receiver) -> [bool; 4] {
    let tokens = [
        access_token("alice", "s1"),
        access_token("alice", "s2").claim("jti", "t2"),
        access_token("bob", "s3").claim("jti", "t3"),
        access_token("alice", "s4").claim("jti", "t4").claim("iat", NOW + 1),
    ];
    let mut revoked = [false; 4];
    for (token, revoked) in tokens.into_iter().zip(&mut revoked) {
        *revoked = match api.judge(token).await.as_str() {
            "revoked_token" => true,
            "accepted" => false,
            other => panic!("{other}"),
        };
    }
    revoked
}

const NONE: [bool; 4] = [false; 4];
/// The tokens of `alice` that were issued before the event.
const ALICE: [bool; 4] = [true, true, false, false];
const FIRST: [bool; 4] = [true, false, false, false];

async fn effect(event_type: &str, subject: Value, members: Value) -> [bool; 4] {
    let api = Receiver::of(builder().event_transmitter(transmitter()));
    let Value::Object(members) = members else { panic!("not an object") };
    let event = event(event_type).subject(subject);
    let event = members.into_iter().fold(event, |event, (name, value)| event.member(&name, value));
    let answer = api.push(event).await;
    assert_eq!((answer.status, answer.body.as_str()), (202, ""), "{event_type}");
    judged(&api).await
}

#[tokio::test]
async fn each_event_has_its_effect_on_the_tokens_of_a_user() {
    let cases = [
        (CAEP, "session-revoked", json!({ "reason_admin": { "en": "x" } }), ALICE),
        (CAEP, "token-claims-change", json!({ "claims": { "role": "ro-admin" } }), ALICE),
        (CAEP, "assurance-level-change", json!({ "change_direction": "decrease" }), ALICE),
        (CAEP, "assurance-level-change", json!({ "change_direction": "increase" }), NONE),
        (CAEP, "assurance-level-change", json!({ "current_level": "nist-aal1" }), ALICE),
        (CAEP, "device-compliance-change", json!({ "current_status": "not-compliant" }), NONE),
        (CAEP, "session-established", json!({}), NONE),
        (CAEP, "session-presented", json!({}), NONE),
        (CAEP, "risk-level-change", json!({ "current_level": "HIGH" }), NONE),
        (RISC, "account-disabled", json!({ "reason": "hijacking" }), ALICE),
        (RISC, "account-purged", json!({}), ALICE),
        (RISC, "sessions-revoked", json!({}), ALICE),
        (RISC, "account-enabled", json!({}), NONE),
        ("https://example.com/", "unknown", json!({ "a": [1, { "b": null }] }), NONE),
        (SSF, "verification", json!({ "state": "VGhpcyBpcyBhbiBleGFtcGxl" }), NONE),
        (SSF, "stream-updated", json!({ "status": "paused" }), NONE),
    ];
    for (prefix, name, members, expected) in cases {
        let found =
            effect(&format!("{prefix}{name}"), user(ISSUER, "alice"), members.clone()).await;
        assert_eq!(found, expected, "{name} {members}");
    }
}

/// CAEP Interoperability Profile: every `change_type` and every `credential_type` is interpreted.
#[tokio::test]
async fn each_change_of_each_credential_except_a_new_one_revokes() {
    let credentials = [
        "password",
        "pin",
        "x509",
        "fido2-platform",
        "fido2-roaming",
        "fido-u2f",
        "verifiable-credential",
        "phone-voice",
        "phone-sms",
        "app",
        "of another kind",
    ];
    for (change, expected) in
        [("create", NONE), ("revoke", ALICE), ("update", ALICE), ("delete", ALICE)]
    {
        for credential in credentials {
            let members = json!({ "change_type": change, "credential_type": credential });
            let event_type = format!("{CAEP}credential-change");
            let found = effect(&event_type, user(ISSUER, "alice"), members).await;
            assert_eq!(found, expected, "{change} {credential}");
        }
    }
}

#[tokio::test]
async fn each_format_of_a_subject_has_its_tokens() {
    let alice = user(ISSUER, "alice");
    let complex = |members: Value| {
        let mut subject = members;
        subject["format"] = "complex".into();
        subject
    };
    let cases = [
        (opaque("s1"), FIRST),
        (opaque("alice"), ALICE),
        (json!({ "format": "jwt_id", "iss": ISSUER, "jti": "t1" }), FIRST),
        (complex(json!({ "session": opaque("s1") })), FIRST),
        (complex(json!({ "session": opaque("s1"), "user": alice })), FIRST),
        (complex(json!({ "session": opaque("s1"), "user": alice, "tenant": opaque("1") })), FIRST),
        (complex(json!({ "user": alice, "device": user(ISSUER, "d1") })), ALICE),
        (json!({ "user": alice, "device": user(ISSUER, "d1") }), ALICE),
        (complex(json!({ "device": user(ISSUER, "d1"), "tenant": opaque("1") })), NONE),
        (json!({ "format": "email", "email": "alice@example.com" }), NONE),
        (json!({ "format": "phone_number", "phone_number": "+4930" }), NONE),
        (json!({ "format": "account", "uri": "acct:alice@example.com" }), NONE),
        (json!({ "format": "did", "url": "did:example:123" }), NONE),
        (json!({ "format": "uri", "uri": "urn:alice" }), NONE),
        (json!({ "format": "aliases", "identifiers": [alice] }), NONE),
        (json!({ "format": "saml_assertion_id", "issuer": "x", "assertion_id": "y" }), NONE),
        (json!({ "format": "of a vendor", "id": "alice" }), NONE),
    ];
    for (subject, expected) in cases {
        let found = effect(&format!("{CAEP}session-revoked"), subject.clone(), json!({})).await;
        assert_eq!(found, expected, "{subject}");
    }
}

/// The subject was inside of the event before the final Shared Signals Framework.
#[tokio::test]
async fn a_subject_inside_of_the_event_counts() {
    let api = Receiver::of(builder().event_transmitter(transmitter()));
    let old = session_revoked().without("sub_id").member("subject", user(ISSUER, "alice"));
    assert_eq!(api.push(old).await.status, 202);
    assert_eq!(judged(&api).await, ALICE);
}

#[tokio::test]
async fn the_time_of_the_event_separates_old_tokens_from_new_ones() {
    let tokens = |iat: u64| access_token("alice", "s1").claim("iat", iat);
    // The time of the event, the `iat` of the newest token that is revoked.
    for (time, newest) in [
        (json!(NOW - 30), NOW - 30),
        (json!(1_699_999_969.5), NOW - 31),
        (json!(NOW), NOW),
        // The time of the event is `iat` without a time of its own.
        (Value::Null, NOW),
        // A time in the future, or in milliseconds, does not revoke the tokens of the future.
        (json!(NOW + 1_000_000), NOW + 30),
        (json!(NOW * 1000), NOW + 30),
    ] {
        let api = Receiver::of(builder().event_transmitter(transmitter()));
        let event = match &time {
            Value::Null => session_revoked(),
            time => session_revoked().member("event_timestamp", time.clone()),
        };
        assert_eq!(api.push(event).await.status, 202, "{time}");
        assert_eq!(api.judge(tokens(newest)).await, "revoked_token", "{time}");
        assert_eq!(api.judge(tokens(newest + 2)).await, "accepted", "{time}");
    }
}

#[tokio::test]
async fn an_old_event_that_arrives_late_still_counts() {
    let api = Receiver::of(builder().event_transmitter(transmitter()));
    let late = session_revoked().claim("iat", NOW - 3000);
    assert_eq!(api.push(late).await.status, 202);
    let old = access_token("alice", "s1").claim("iat", NOW - 3100);
    assert_eq!(api.judge(old).await, "revoked_token");
    assert_eq!(api.judge(access_token("alice", "s1")).await, "accepted");
}

/// An event that comes again at an instance without the memory of its `jti`, long after its time. The
/// time in milliseconds is later than every token.
#[tokio::test]
async fn an_event_that_comes_again_later_spares_the_tokens_issued_since() {
    let clock = ManualClock::at(epoch(NOW));
    let instance = || Receiver::of(builder().clock(clock.clone()).event_transmitter(transmitter()));
    let event = session_revoked().member("event_timestamp", NOW * 1000).sign();
    let (old, new) = (access_token("alice", "s1"), access_token("alice", "s2"));
    let (old, new) = (old.claim("iat", NOW), new.claim("iat", NOW + 600));
    let first = instance();
    assert_eq!(first.push_text(event.clone()).await.status, 202);
    assert_eq!(first.judge(old.clone()).await, "revoked_token");
    clock.set(epoch(NOW + 1200));
    let other = instance();
    for api in [&other, &first] {
        assert_eq!(api.push_text(event.clone()).await.status, 202);
        assert_eq!(api.judge(old.clone()).await, "revoked_token");
        assert_eq!(api.judge(new.clone()).await, "accepted");
    }
}

/// The user cannot be found by an address, but the session can be.
#[tokio::test]
async fn a_session_beside_a_user_that_no_token_shows_is_revoked() {
    let email = json!({ "format": "email", "email": "alice@example.com" });
    let subject = json!({ "format": "complex", "user": email, "session": opaque("s1") });
    for change in ["revoke", "update", "delete"] {
        let members = json!({ "change_type": change, "credential_type": "password" });
        let event_type = format!("{CAEP}credential-change");
        assert_eq!(effect(&event_type, subject.clone(), members).await, FIRST, "{change}");
    }
    let found = effect(&format!("{CAEP}session-revoked"), subject.clone(), json!({})).await;
    assert_eq!(found, FIRST);
    let new = json!({ "change_type": "create", "credential_type": "password" });
    assert_eq!(effect(&format!("{CAEP}credential-change"), subject, new).await, NONE);
}
