//! Tests the rules for the claims of security event tokens.

use std::time::UNIX_EPOCH;

use serde_json::{Value, json};

use super::*;
use crate::json::object;

const TRANSMITTER: &str = "https://id.example.com";
const AUDIENCE: &str = "https://api.example.com/events";
const SESSION_REVOKED: &str = "https://schemas.openid.net/secevent/caep/event-type/session-revoked";
const VERIFICATION: &str = "https://schemas.openid.net/secevent/ssf/event-type/verification";
const NOW: u64 = 1_700_000_000;

fn epoch(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn valid() -> Value {
    json!({
        "iss": TRANSMITTER, "aud": AUDIENCE, "iat": NOW, "jti": "e1", "txn": "8675309",
        "sub_id": { "format": "iss_sub", "iss": TRANSMITTER, "sub": "alice" },
        "events": { SESSION_REVOKED: { "event_timestamp": NOW - 10 } },
    })
}

/// Reads claims with a change. Returns the time of the event in seconds.
fn read(change: impl FnOnce(&mut Value)) -> Result<u64, Rule> {
    let mut claims = valid();
    change(&mut claims);
    read_text(&claims.to_string())
}

fn read_text(claims: &str) -> Result<u64, Rule> {
    let document = object(claims.as_bytes()).unwrap();
    let context = Context {
        transmitter: TRANSMITTER,
        audiences: &["other".to_owned(), AUDIENCE.to_owned()],
        leeway: Duration::from_secs(30),
        now: epoch(NOW),
    };
    let claims = EventClaims::read(&document, &context)?;
    Ok(claims.time.duration_since(UNIX_EPOCH).unwrap().as_secs())
}

type Change = fn(&mut Value);

#[test]
fn each_claim_has_its_rule() {
    let valid = Ok(NOW - 10);
    let cases: &[(&str, Change, Result<u64, Rule>)] = &[
        ("valid", |_| (), valid),
        ("iss null", |set| set["iss"] = Value::Null, Err(Rule::IssMissing)),
        ("other iss", |set| set["iss"] = "https://evil".into(), Err(Rule::IssOther)),
        (
            "iss with a slash",
            |set| set["iss"] = format!("{TRANSMITTER}/").into(),
            Err(Rule::IssOther),
        ),
        ("other aud", |set| set["aud"] = "https://api.example.com".into(), Err(Rule::AudOther)),
        ("several aud", |set| set["aud"] = json!(["x", AUDIENCE]), valid),
        ("empty aud", |set| set["aud"] = json!([]), Err(Rule::AudOther)),
        ("aud with a number", |set| set["aud"] = json!([AUDIENCE, 7]), Err(Rule::AudMissing)),
        ("aud null", |set| set["aud"] = Value::Null, Err(Rule::AudMissing)),
        ("iat text", |set| set["iat"] = NOW.to_string().into(), Err(Rule::IatMissing)),
        ("iat null", |set| set["iat"] = Value::Null, Err(Rule::IatMissing)),
        ("iat ahead", |set| set["iat"] = (NOW + 61).into(), Err(Rule::IatAhead)),
        ("iat a minute ahead", |set| set["iat"] = (NOW + 60).into(), valid),
        ("iat long ago", |set| set["iat"] = (NOW - 1_000_000).into(), Ok(NOW - 1_000_000 + 30)),
        ("jti number", |set| set["jti"] = 7.into(), Err(Rule::JtiMissing)),
        ("jti empty", |set| set["jti"] = "".into(), Err(Rule::JtiMissing)),
        ("exp", |set| set["exp"] = (NOW + 60).into(), Err(Rule::HasExp)),
        ("exp null", |set| set["exp"] = Value::Null, Err(Rule::HasExp)),
        ("sub", |set| set["sub"] = "alice".into(), Err(Rule::HasSub)),
        ("events array", |set| set["events"] = json!([SESSION_REVOKED]), Err(Rule::EventsMissing)),
        ("events null", |set| set["events"] = Value::Null, Err(Rule::EventsMissing)),
        ("no event", |set| set["events"] = json!({}), Err(Rule::EventsSeveral)),
        ("two events", |set| set["events"]["https://x"] = json!({}), Err(Rule::EventsSeveral)),
        (
            "event text",
            |set| set["events"][SESSION_REVOKED] = "x".into(),
            Err(Rule::EventMalformed),
        ),
        (
            "event null",
            |set| set["events"][SESSION_REVOKED] = Value::Null,
            Err(Rule::EventMalformed),
        ),
        ("sub_id text", |set| set["sub_id"] = "alice".into(), Err(Rule::SubjectMalformed)),
        ("sub_id null", |set| set["sub_id"] = Value::Null, Err(Rule::SubjectMalformed)),
        ("sub_id empty", |set| set["sub_id"] = json!({}), Err(Rule::SubjectMalformed)),
        (
            "two subjects",
            |set| set["events"][SESSION_REVOKED]["subject"] = json!({ "format": "email" }),
            Err(Rule::SubjectsTwo),
        ),
        ("unknown event", |set| set["events"] = json!({ "https://x": {} }), Ok(NOW)),
    ];
    for (name, change, expected) in cases {
        assert_eq!(read(*change), *expected, "{name}");
    }
    for claim in ["iss", "aud", "iat", "jti", "events", "sub_id"] {
        let removed = read(|set| drop(set.as_object_mut().unwrap().remove(claim)));
        assert!(removed.is_err(), "{claim}");
    }
}

#[test]
fn the_time_of_an_event_is_in_seconds_and_not_later_than_its_token() {
    let issued_at = |iat: u64, time: Value| {
        read(|set| {
            set["iat"] = iat.into();
            set["events"][SESSION_REVOKED]["event_timestamp"] = time;
        })
    };
    let at = |time: Value| issued_at(NOW, time);
    assert_eq!(at((NOW - 3600).into()), Ok(NOW - 3600));
    assert_eq!(at((NOW + 30).into()), Ok(NOW + 30));
    assert_eq!(at((NOW + 31).into()), Ok(NOW + 30));
    // Milliseconds, as in the examples of a draft of CAEP.
    assert_eq!(at((NOW * 1000).into()), Ok(NOW + 30));
    assert_eq!(at(json!(1_699_999_999.5)), Ok(NOW - 1));
    for wrong in [Value::Null, "1700000000".into(), json!([NOW]), json!(1e300)] {
        assert_eq!(at(wrong.clone()), Err(Rule::TimeMalformed), "{wrong}");
    }
    // The bound is `iat`, and not the time at which the token arrives.
    for time in [NOW - 3600 + 31, NOW, NOW + 3600, NOW * 1000] {
        assert_eq!(issued_at(NOW - 3600, time.into()), Ok(NOW - 3600 + 30), "{time}");
    }
    assert_eq!(issued_at(NOW - 3600, (NOW - 3600 + 30).into()), Ok(NOW - 3600 + 30));
    assert_eq!(issued_at(NOW - 3600, (NOW - 7200).into()), Ok(NOW - 7200));
    // A token from the clock of a transmitter that is ahead.
    assert_eq!(issued_at(NOW + 60, (NOW + 60).into()), Ok(NOW + 30));
    assert_eq!(issued_at(NOW + 60, (NOW * 1000).into()), Ok(NOW + 30));
    let without = |iat: u64| {
        read(|set| {
            set["iat"] = iat.into();
            set["events"] = json!({ SESSION_REVOKED: {} });
        })
    };
    assert_eq!(without(NOW - 5), Ok(NOW - 5));
    assert_eq!(without(NOW + 60), Ok(NOW + 30));
}

#[test]
fn the_subject_may_be_inside_of_the_event() {
    let moved = |subject: Value| {
        read(|set| {
            set.as_object_mut().unwrap().remove("sub_id");
            set["events"] = json!({ SESSION_REVOKED: { "subject": subject } });
        })
    };
    assert_eq!(moved(json!({ "format": "opaque", "id": "s1" })), Ok(NOW));
    assert_eq!(moved(json!({ "format": "opaque" })), Err(Rule::SubjectMalformed));
    assert_eq!(moved(json!("alice")), Err(Rule::SubjectMalformed));
}

#[test]
fn an_event_about_the_stream_needs_no_subject() {
    let verification = |subject: Option<Value>| {
        read(|set| {
            set["events"] = json!({ VERIFICATION: { "state": "x" } });
            set.as_object_mut().unwrap().remove("sub_id");
            if let Some(subject) = subject {
                set["sub_id"] = subject;
            }
        })
    };
    assert_eq!(verification(None), Ok(NOW));
    assert_eq!(verification(Some(json!({ "format": "opaque", "id": "stream-1" }))), Ok(NOW));
}

#[test]
fn a_repeated_member_is_not_json() {
    let twice = valid().to_string().replace("\"jti\":", "\"jti\":\"e0\",\"jti\":");
    assert!(object(twice.as_bytes()).is_err());
}

#[test]
fn only_the_type_of_security_events_is_accepted() {
    for typ in ["secevent+jwt", "application/secevent+jwt", "SecEvent+JWT"] {
        assert!(accepts_type(Some(typ)), "{typ}");
    }
    for typ in [None, Some("JWT"), Some("at+jwt"), Some("logout+jwt"), Some("")] {
        assert!(!accepts_type(typ), "{typ:?}");
    }
}
