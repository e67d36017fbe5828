//! Tests the push delivery of security events (RFC 8935), and the rules for the tokens (RFC 8417).

use axum::body::Body;
use axum::http::Request;
use axum_protected_testing::SecurityEventBuilder;
use axum_protected_tests::{AUDIENCE, fresh_key};
use serde_json::{Value, json};

use super::{
    CAEP, ISSUER, NOW, RECEIVER, Receiver, access_token, builder, session_revoked, transmitter,
    user,
};

const SET: &str = "application/secevent+jwt";

type Change = fn(SecurityEventBuilder) -> SecurityEventBuilder;

fn api() -> Receiver {
    Receiver::of(builder().event_transmitter(transmitter()))
}

#[tokio::test]
async fn a_valid_event_is_a_202_without_a_body() {
    let api = api();
    let answer = api.push(session_revoked()).await;
    assert_eq!((answer.status, answer.body.as_str()), (202, ""));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("content-type"), None);
    assert_eq!(api.judge(access_token("alice", "s1")).await, "revoked_token");
}

#[tokio::test]
async fn an_invalid_event_is_refused_with_its_code_and_revokes_nothing() {
    let request = "invalid_request";
    let cases: &[(&str, Change, &str)] = &[
        ("no typ", |event| event.header("typ", Value::Null), request),
        ("typ JWT", |event| event.header("typ", "JWT"), request),
        ("typ at+jwt", |event| event.header("typ", "at+jwt"), request),
        ("typ logout+jwt", |event| event.header("typ", "logout+jwt"), request),
        ("alg none", |event| event.header("alg", "none"), request),
        ("alg HS256", |event| event.header("alg", "HS256"), request),
        ("crit", |event| event.header("crit", json!(["x"])), request),
        ("unknown kid", |event| event.header("kid", "unknown"), "invalid_key"),
        ("other iss", |event| event.claim("iss", "https://evil.example.com"), "invalid_issuer"),
        ("no iss", |event| event.without("iss"), "invalid_issuer"),
        ("iss of a number", |event| event.claim("iss", 7), "invalid_issuer"),
        ("aud of the tokens", |event| event.audience(AUDIENCE), "invalid_audience"),
        ("no aud", |event| event.without("aud"), "invalid_audience"),
        ("aud of an object", |event| event.audience(json!({ RECEIVER: 1 })), "invalid_audience"),
        ("no iat", |event| event.without("iat"), request),
        ("iat ahead", |event| event.claim("iat", NOW + 100), request),
        ("no jti", |event| event.without("jti"), request),
        ("exp", |event| event.claim("exp", NOW + 60), request),
        ("sub", |event| event.claim("sub", "alice"), request),
        ("events null", |event| event.claim("events", Value::Null), request),
        ("no event", |event| event.claim("events", json!({})), request),
        (
            "two events",
            |event| {
                let [one, other] = ["session-revoked", "credential-change"];
                let [one, other] = [one, other].map(|name| format!("{CAEP}{name}"));
                event.claim("events", json!({ one: {}, other: {} }))
            },
            request,
        ),
        ("time of a text", |event| event.member("event_timestamp", "1700000000"), request),
        ("no subject", |event| event.without("sub_id"), request),
        ("two subjects", |event| event.member("subject", user(ISSUER, "bob")), request),
        ("subject of a text", |event| event.subject("alice".into()), request),
        ("subject without format", |event| event.subject(json!({ "sub": "alice" })), request),
        (
            "subject without sub",
            |event| event.subject(json!({ "format": "iss_sub", "iss": ISSUER })),
            request,
        ),
    ];
    let api = api();
    for (name, change, code) in cases {
        let answer = api.push(change(session_revoked())).await;
        assert_eq!(answer.outcome(), (400, (*code).to_owned()), "{name}");
        assert_eq!(answer.header("content-type"), Some("application/json"), "{name}");
        assert_eq!(answer.header("content-language"), Some("en"), "{name}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{name}");
        let body = answer.json();
        let members: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, ["description", "err"], "{name}");
        assert!(!answer.body.contains("alice"), "{name}: {}", answer.body);
        assert_eq!(api.judge(access_token("alice", "s1")).await, "accepted", "{name}");
    }
}

#[tokio::test]
async fn a_forged_event_is_refused() {
    let api = api();
    let forged = SecurityEventBuilder::new(
        &fresh_key(),
        ISSUER,
        RECEIVER,
        &format!("{CAEP}session-revoked"),
    );
    let forged = forged.claim("iat", NOW).subject(user(ISSUER, "alice"));
    assert_eq!(api.push(forged).await.outcome(), (400, "invalid_key".to_owned()));
    let event = session_revoked().sign();
    let (signed, _) = event.rsplit_once('.').unwrap();
    for text in [format!("{signed}."), format!("{signed}.AAAA"), signed.to_owned()] {
        assert_eq!(api.push_text(text).await.status, 400);
    }
    let other = session_revoked().subject(user(ISSUER, "bob")).sign();
    let (_, signature) = other.rsplit_once('.').unwrap();
    assert_eq!(api.push_text(format!("{signed}.{signature}")).await.status, 400);
    assert_eq!(api.judge(access_token("alice", "s1")).await, "accepted");
}

#[tokio::test]
async fn a_body_that_is_not_an_event_is_refused() {
    let api = api();
    let event = session_revoked().sign();
    let huge = "a".repeat(8 * 1024 * 1024);
    let deep = format!("{{\"a\":{}", "[".repeat(60_000));
    let hostile: Vec<Vec<u8>> = vec![
        Vec::new(),
        b"...".to_vec(),
        vec![0xff; 1000],
        vec![0; 70_000],
        huge.into_bytes(),
        deep.into_bytes(),
        format!("{event}\r\n").into_bytes(),
        format!(" {event}").into_bytes(),
        format!("{event}.{event}").into_bytes(),
        json!({ "sets": { "a": event } }).to_string().into_bytes(),
    ];
    for body in hostile {
        let shown = String::from_utf8_lossy(&body).chars().take(40).collect::<String>();
        assert_eq!(
            api.push_text(body).await.outcome(),
            (400, "invalid_request".to_owned()),
            "{shown}"
        );
    }
    let claims = (0..10_000).fold(json!({}), |mut claims, number| {
        claims[number.to_string()] = "x".into();
        claims
    });
    let large = session_revoked().member("claims", claims).sign();
    assert!(large.len() > 64 * 1024);
    assert_eq!(api.push_text(large).await.outcome(), (400, "invalid_request".to_owned()));
    assert_eq!(api.judge(access_token("alice", "s1")).await, "accepted");
}

#[tokio::test]
async fn only_a_post_of_a_security_event_token_is_read() {
    let api = api();
    let event = session_revoked().sign();
    let request = |method: &str, content_types: &[&str]| {
        let mut request = Request::builder().method(method).uri("/security-events");
        for content_type in content_types {
            request = request.header("content-type", *content_type);
        }
        request.body(Body::from(event.clone())).unwrap()
    };
    let wrong: [&[&str]; 5] =
        [&[], &["application/jwt"], &["text/plain"], &["application/secevent+jwtx"], &[SET, SET]];
    for content_types in wrong {
        let outcome = api.send(request("POST", content_types)).await.outcome();
        assert_eq!(outcome, (400, "invalid_request".to_owned()), "{content_types:?}");
    }
    for method in ["GET", "PUT", "PATCH"] {
        assert_eq!(api.send(request(method, &[SET])).await.status, 405, "{method}");
    }
    assert_eq!(api.judge(access_token("alice", "s1")).await, "accepted");
    let parameter = ["Application/SecEvent+JWT; charset=utf-8"];
    assert_eq!(api.send(request("POST", &parameter)).await.status, 202);
    assert_eq!(api.judge(access_token("alice", "s1")).await, "revoked_token");
}

#[tokio::test]
async fn the_agreed_authorization_is_required() {
    const SECRET: &str = "Bearer c2VjcmV0LW9mLXRoZS1zdHJlYW0";
    let api = Receiver::of(builder().event_transmitter(transmitter().push_authorization(SECRET)));
    let event = || session_revoked().sign();
    let wrong: [&[&str]; 7] = [
        &[],
        &[""],
        &["Bearer"],
        &["Bearer c2VjcmV0LW9mLXRoZS1zdHJlYW"],
        &["bearer c2VjcmV0LW9mLXRoZS1zdHJlYW0"],
        &["Bearer c2VjcmV0LW9mLXRoZS1zdHJlYW0x"],
        &[SECRET, SECRET],
    ];
    for lines in wrong {
        let answer = api.push_with(lines, event()).await;
        assert_eq!(answer.outcome(), (400, "authentication_failed".to_owned()), "{lines:?}");
        assert!(!answer.body.contains("c2Vj"), "{}", answer.body);
    }
    assert_eq!(api.judge(access_token("alice", "s1")).await, "accepted");
    assert_eq!(api.push_with(&[SECRET], event()).await.status, 202);
    assert_eq!(api.judge(access_token("alice", "s1")).await, "revoked_token");
}

/// CAEP Interoperability Profile section 2.6: events are signed by RS256 with keys of 2048 bits.
#[tokio::test]
async fn an_event_that_is_signed_by_rs256_is_accepted() {
    let event = session_revoked().header("alg", "RS256").sign();
    assert_eq!(api().push_text(event).await.status, 202);
}
