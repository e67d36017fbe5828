use serde_json::{Value, json};

use super::*;
use crate::revocation::target::Kind;
use crate::revocation::timestamp::Timestamp;

const ISSUER: &str = "https://id.example.com";

fn seconds(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn request(text: &str) -> Result<RevocationRequest, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// Returns the request with these members beside the issuer.
fn of(members: &Value) -> Result<RevocationRequest, String> {
    let mut body = json!({ "issuer": ISSUER });
    let members = members.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(members);
    request(&body.to_string())
}

#[test]
fn each_target_is_the_revocation_of_its_constructor() {
    let (now, default) = (seconds(1000), seconds(1060));
    let cases = [
        (json!({ "token": "a" }), Kind::Token, "a", None, default),
        (json!({ "session": "b", "until": 1030 }), Kind::Session, "b", None, seconds(1030)),
        (json!({ "subject": "c" }), Kind::Subject, "c", Some(now), default),
        (
            json!({ "subject": "c", "issued_until": 990, "until": 1001 }),
            Kind::Subject,
            "c",
            Some(seconds(990)),
            seconds(1001),
        ),
        (json!({ "client": "d" }), Kind::Client, "d", Some(now), default),
        (
            json!({ "client": "d", "issued_until": 2000 }),
            Kind::Client,
            "d",
            Some(seconds(2000)),
            default,
        ),
        (json!({ "all": true }), Kind::Issuer, "", Some(now), default),
        (json!({ "all": true, "issued_until": 0 }), Kind::Issuer, "", Some(seconds(0)), default),
        // `null` is an absent member.
        (
            json!({ "token": "a", "subject": null, "all": null, "until": null }),
            Kind::Token,
            "a",
            None,
            default,
        ),
    ];
    for (members, kind, name, latest, until) in cases {
        let request = of(&members).unwrap();
        let (revocation, end) = request.at(now, Duration::from_secs(60));
        assert_eq!(
            (&*revocation.issuer, revocation.kind, &*revocation.name, revocation.latest, end),
            (ISSUER, kind, name, latest.map(Timestamp::of), until),
            "{members}"
        );
    }
}

#[test]
fn a_wrong_request_is_an_error_that_names_the_member_and_no_value() {
    let long = "s3cr3t".repeat(342);
    let cases = [
        (json!({}), "no tokens are named: set one of `token`"),
        (json!({ "all": false }), "`all` is not `true`"),
        (json!({ "all": "s3cr3t" }), "`all` is not `true`"),
        (json!({ "token": "s3cr3t", "all": false }), "`all` is not `true`"),
        (json!({ "token": "s3cr3t", "subject": "b" }), "`token` and `subject` are both set"),
        (json!({ "subject": "s3cr3t", "all": true }), "`subject` and `all` are both set"),
        (
            json!({ "session": "a", "client": "s3cr3t", "all": true }),
            "`session`, `client`, `all` are all set: keep one",
        ),
        (json!({ "token": "" }), "`token` is empty"),
        (json!({ "client": long }), "`client` is longer than 2048 bytes"),
        (json!({ "issuer": long, "all": true }), "`issuer` is longer than 2048 bytes"),
        (json!({ "issuer": "", "all": true }), "`issuer` is empty"),
        (json!({ "issuer": null, "all": true }), "`issuer` is missing"),
        (json!({ "issuer": ["s3cr3t"], "all": true }), "`issuer` is not a text"),
        (json!({ "subject": 17 }), "`subject` is not a text"),
        (json!({ "subject": true }), "`subject` is not a text"),
        (json!({ "subject": ["s3cr3t"] }), "`subject` is not a text"),
        (json!({ "subject": { "s3cr3t": "s3cr3t" } }), "`subject` is not a text"),
        (json!({ "token": "a", "until": "s3cr3t" }), "`until` is not a whole number of seconds"),
        (json!({ "token": "a", "until": -1 }), "`until` is not a whole number of seconds"),
        (json!({ "token": "a", "until": 1.5 }), "`until` is not a whole number of seconds"),
        (json!({ "token": "a", "until": 1_795_722_323_000_u64 }), "`until` is after the year 9999"),
        (json!({ "token": "a", "until": u64::MAX }), "`until` is after the year 9999"),
        (json!({ "all": true, "issued_until": u64::MAX }), "`issued_until` is after the year 9999"),
        (
            json!({ "token": "s3cr3t", "issued_until": 1 }),
            "`issued_until` has no effect with `token`",
        ),
        (
            json!({ "session": "a", "issued_until": 1 }),
            "`issued_until` has no effect with `session`",
        ),
        (
            json!({ "token": "a", "user": "s3cr3t" }),
            "`user` is not a member of a revocation, which has `issuer`",
        ),
    ];
    for (members, expected) in cases {
        let error = of(&members).unwrap_err();
        assert!(error.starts_with(expected), "{members}: {error}");
        assert!(!error.contains("s3cr3t"), "{error}");
    }
    let texts = [
        ("\"s3cr3t\"", "invalid type: text, expected an object with the members of a revocation"),
        ("[\"s3cr3t\"]", "invalid type: sequence, expected an object"),
        ("{\"issuer\":\"s3cr3t\",\"issuer\":\"s3cr3t\",\"all\":true}", "`issuer` is repeated"),
        ("{\"issuer\":\"a\",\"all\":true,\"all\":true}", "`all` is repeated"),
        ("{\"issuer\":\"a\",\"token\":null,\"token\":\"s3cr3t\"}", "`token` is repeated"),
        ("{\"issuer\":\"s3cr3t", "EOF while parsing a string at line 1 column 17"),
        ("{\"issuer\":s3cr3t}", "expected value at line 1 column 11"),
        ("", "EOF while parsing a value"),
    ];
    for (text, expected) in texts {
        let error = request(text).unwrap_err();
        assert!(error.starts_with(expected), "{text}: {error}");
        assert!(!error.contains("s3cr3t"), "{error}");
    }
    let name = "\n".repeat(10_000);
    let error = of(&json!({ name: 1 })).unwrap_err();
    assert!(error.len() < 300 && !error.contains('\n'), "{error}");
}

#[test]
fn texts_of_the_longest_length_are_accepted() {
    let name = "é".repeat(1024);
    assert!(of(&json!({ "subject": name })).is_ok());
}

#[test]
fn the_debug_output_contains_no_name() {
    let shown = format!("{:?}", of(&json!({ "subject": "alice" })).unwrap());
    assert!(shown.contains("\"subject\"") && !shown.contains("alice"), "{shown}");
}
