//! Tests back-channel logouts (OpenID Connect Back-Channel Logout 1.0).

use axum::body::Body;
use axum::http::Request;
use axum_protected_testing::{ManualClock, TokenBuilder};
use axum_protected_tests::{AUDIENCE, Log, fresh_key};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::time::Duration;

use super::{
    CLIENT, ISSUER, LOGOUT, NOW, Receiver, access_token, access_token_of, builder, epoch, issuer,
    logout_token, transmitter,
};

const REVOKED: &str = "revoked_token";
const ACCEPTED: &str = "accepted";

const FORM: &str = "application/x-www-form-urlencoded";

type Change = fn(TokenBuilder) -> TokenBuilder;

#[tokio::test]
async fn a_logout_of_a_session_revokes_its_tokens_and_no_others() {
    let api = Receiver::of(builder());
    let of_session = access_token("alice", "s1").sign();
    let other_session = access_token("alice", "s2").sign();
    assert_eq!(api.judge_text(&of_session).await, ACCEPTED);
    assert_eq!(api.judge_text(&other_session).await, ACCEPTED);
    let answer = api.log_out(logout_token()).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(api.judge_text(&of_session).await, REVOKED);
    assert_eq!(api.judge_text(&other_session).await, ACCEPTED);
    assert_eq!(api.judge(access_token("bob", "s3")).await, ACCEPTED);
    // The session has ended, so that a later token of it is refused too.
    assert_eq!(api.judge(access_token("alice", "s1").claim("iat", NOW)).await, REVOKED);
}

#[tokio::test]
async fn a_logout_of_a_user_revokes_all_tokens_that_were_issued_before() {
    let api = Receiver::of(builder());
    assert_eq!(api.log_out(logout_token().without("sid")).await.status, 200);
    assert_eq!(api.judge(access_token("alice", "s1")).await, REVOKED);
    assert_eq!(api.judge(access_token("alice", "s2").without("sid")).await, REVOKED);
    assert_eq!(api.judge(access_token("alice", "s9").claim("iat", NOW + 1)).await, ACCEPTED);
    assert_eq!(api.judge(access_token("bob", "s1")).await, ACCEPTED);
}

#[tokio::test]
async fn a_logout_of_an_unknown_session_is_a_success() {
    let api = Receiver::of(builder());
    let unknown = logout_token().claim("sid", "unknown").without("sub");
    assert_eq!(api.log_out(unknown).await.status, 200);
    assert_eq!(api.judge(access_token("alice", "s1")).await, ACCEPTED);
}

#[tokio::test]
async fn a_revocation_lasts_for_the_lifetime_of_a_token() {
    let clock = ManualClock::at(epoch(NOW));
    let api = Receiver::of(builder().clock(clock.clone()));
    api.log_out(logout_token()).await;
    let token = access_token("alice", "s1").claim("exp", NOW + 3600).sign();
    for seconds in [0, 1800, 3599] {
        clock.set(epoch(NOW + seconds));
        assert_eq!(api.judge_text(&token).await, REVOKED, "{seconds}");
    }
}

#[tokio::test]
async fn an_invalid_logout_token_revokes_nothing() {
    let api = Receiver::of(builder());
    let cases: &[(&str, Change)] = &[
        ("signature of another key", |token| token),
        ("alg none", |token| token.header("alg", "none")),
        ("alg HS256", |token| token.header("alg", "HS256")),
        ("crit", |token| token.header("crit", json!(["exp"]))),
        ("typ at+jwt", |token| token.header("typ", "at+jwt")),
        ("typ secevent+jwt", |token| token.header("typ", "secevent+jwt")),
        ("unknown iss", |token| token.claim("iss", "https://evil.example.com")),
        ("iss of a number", |token| token.claim("iss", 7)),
        ("no iss", |token| token.without("iss")),
        ("another client", |token| token.claim("aud", "other")),
        ("the API as the client", |token| token.claim("aud", AUDIENCE)),
        ("no aud", |token| token.without("aud")),
        ("no iat", |token| token.without("iat")),
        ("old iat", |token| token.claim("iat", NOW - 700)),
        ("iat ahead", |token| token.claim("iat", NOW + 100)),
        ("no exp", |token| token.without("exp")),
        ("exp passed", |token| token.claim("exp", NOW - 60)),
        ("no jti", |token| token.without("jti")),
        ("jti of a number", |token| token.claim("jti", 7)),
        ("empty jti", |token| token.claim("jti", "")),
        ("nonce", |token| token.claim("nonce", "n")),
        ("no events", |token| token.without("events")),
        ("other event", |token| token.claim("events", json!({ "https://x": {} }))),
        ("events in an array", |token| token.claim("events", json!([LOGOUT]))),
        ("event of a string", |token| token.claim("events", json!({ LOGOUT: "x" }))),
        ("neither sub nor sid", |token| token.without("sub").without("sid")),
        ("empty sid", |token| token.claim("sid", "").without("sub")),
        ("sid of a number", |token| token.claim("sid", 7)),
        ("sub of an array", |token| token.claim("sub", json!(["alice"]))),
    ];
    for (name, change) in cases {
        let token = if name.starts_with("signature") {
            let forged =
                TokenBuilder::new(&fresh_key(), ISSUER, CLIENT).header("typ", "logout+jwt");
            let forged = forged.claim("sid", "s1").claim("events", json!({ LOGOUT: {} }));
            forged.claim("iat", NOW).claim("exp", NOW + 120)
        } else {
            logout_token()
        };
        let answer = api.log_out(change(token)).await;
        assert_eq!(answer.outcome(), (400, "invalid_request".to_owned()), "{name}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{name}");
        assert_eq!(answer.header("content-type"), Some("application/json"), "{name}");
        let description = answer.json()["error_description"].as_str().unwrap().to_owned();
        assert!(
            description.starts_with("the logout token is not valid: "),
            "{name}: {description}"
        );
        assert!(!description.contains("alice"), "{description}");
        assert_eq!(api.judge(access_token("alice", "s1")).await, ACCEPTED, "{name}");
    }
}

#[tokio::test]
async fn a_request_that_is_not_one_form_with_one_token_is_refused() {
    let api = Receiver::of(builder());
    let token = logout_token().sign();
    let request = |method: &str, content_types: &[&str], body: String| {
        let mut request = Request::builder().method(method).uri("/backchannel-logout");
        for content_type in content_types {
            request = request.header("content-type", *content_type);
        }
        request.body(Body::from(body)).unwrap()
    };
    let form = format!("logout_token={token}");
    let invalid = [
        request("POST", &["application/json"], json!({ "logout_token": token }).to_string()),
        request("POST", &[], form.clone()),
        request("POST", &[FORM, FORM], form.clone()),
        request("POST", &["application/logout+jwt"], token.clone()),
        request("POST", &[FORM], String::new()),
        request("POST", &[FORM], "logout_token=".to_owned()),
        request("POST", &[FORM], format!("token={token}")),
        request("POST", &[FORM], format!("{form}&{form}")),
        request("POST", &[FORM], format!("{form}&logout_token=")),
        request("POST", &[FORM], format!("{form}&x={}", "y".repeat(5 * 1024 * 1024))),
        request("POST", &[FORM], format!("logout_token={}", "a.".repeat(20_000))),
        request("POST", &[FORM], "logout_token=%FF%FE%00".to_owned()),
    ];
    for (index, request) in invalid.into_iter().enumerate() {
        let outcome = api.send(request).await.outcome();
        assert_eq!(outcome, (400, "invalid_request".to_owned()), "{index}");
    }
    for method in ["GET", "HEAD", "PUT", "DELETE"] {
        assert_eq!(api.send(request(method, &[FORM], form.clone())).await.status, 405, "{method}");
    }
    let in_url = Request::post(format!("/backchannel-logout?{form}")).header("content-type", FORM);
    assert_eq!(api.send(in_url.body(Body::empty()).unwrap()).await.status, 400);
    assert_eq!(api.judge(access_token("alice", "s1")).await, ACCEPTED);
    let charset = "application/x-www-form-urlencoded; charset=UTF-8";
    assert_eq!(api.send(request("POST", &[charset], format!("a=b&{form}"))).await.status, 200);
    assert_eq!(api.judge(access_token("alice", "s1")).await, REVOKED);
}

/// Several issuers and clients: the `iss` of the token chooses the issuer, and its own clients count.
#[tokio::test]
async fn the_issuer_and_its_clients_determine_whose_logouts_count() {
    const PARTNER: &str = "https://partner.example.com";
    const SILENT: &str = "https://silent.example.com";
    let partner = issuer(PARTNER).logout_client("portal").logout_client("mobile");
    let api = Receiver::of(builder().issuer(partner).issuer(issuer(SILENT)));
    let of = |issuer: &str, client: &str| logout_token().claim("iss", issuer).claim("aud", client);
    for (issuer, client, status) in [
        (PARTNER, CLIENT, 400),
        (ISSUER, "portal", 400),
        (SILENT, CLIENT, 400),
        (PARTNER, "mobile", 200),
    ] {
        assert_eq!(api.log_out(of(issuer, client)).await.status, status, "{issuer} {client}");
    }
    assert_eq!(api.judge(access_token_of(PARTNER, "alice", "s1")).await, REVOKED);
    assert_eq!(api.judge(access_token("alice", "s1")).await, ACCEPTED);
    let several = of(ISSUER, "").claim("aud", json!(["unrelated", CLIENT]));
    assert_eq!(api.log_out(several).await.status, 200);
    assert_eq!(api.judge(access_token("alice", "s1")).await, REVOKED);
}

#[tokio::test]
async fn a_token_without_a_type_is_accepted_as_older_issuers_send_it() {
    for typ in [Value::Null, "JWT".into(), "application/logout+jwt".into()] {
        let api = Receiver::of(builder());
        assert_eq!(api.log_out(logout_token().header("typ", typ.clone())).await.status, 200);
        assert_eq!(api.judge(access_token("alice", "s1")).await, REVOKED, "{typ}");
    }
}

/// The time of a logout is `iat` of its token, not the time at which it arrives.
#[tokio::test]
async fn a_late_logout_of_a_user_spares_newer_tokens() {
    let clock = ManualClock::at(epoch(NOW));
    let api = Receiver::of(builder().clock(clock.clone()));
    clock.advance(Duration::from_secs(100));
    assert_eq!(api.log_out(logout_token().without("sid")).await.status, 200);
    assert_eq!(api.judge(access_token("alice", "s1")).await, REVOKED);
    assert_eq!(api.judge(access_token("alice", "s2").claim("iat", NOW + 50)).await, ACCEPTED);
}

/// The receivers have no key to decrypt with. The operator learns what is wrong.
#[tokio::test]
async fn an_encrypted_token_is_refused_as_such() {
    let (log, _guard) = Log::open();
    let api = Receiver::of(builder().event_transmitter(transmitter()));
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"RSA-OAEP-256","enc":"A256GCM","cty":"JWT"}"#);
    let encrypted = format!("{header}.AAAA.AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA");
    let answer = api.log_out_with(&encrypted).await;
    assert_eq!(answer.outcome(), (400, "invalid_request".to_owned()));
    assert!(answer.body.contains("encrypted"), "{}", answer.body);
    let answer = api.push_text(encrypted).await;
    assert_eq!(answer.outcome(), (400, "invalid_request".to_owned()));
    let events = log.take();
    assert_eq!(events.len(), 2);
    assert!(events.iter().all(|event| event.get("reason").unwrap().contains("encrypted")));
}
