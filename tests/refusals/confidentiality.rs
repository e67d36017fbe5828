//! Tests that a refusal reveals nothing about the request, and that the application can replace the
//! body of a refusal.

use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse};
use axum_protected_tests::{Call, Challenge, Connection};
use serde_json::json;

use super::Bench;

/// A text that every hostile input of these tests contains. A refusal must not contain this text.
const MARKER: &str = "m4rk3r";

#[tokio::test]
async fn nothing_of_the_request_is_echoed() {
    let bench = Bench::start().await;
    let hostile = format!("{MARKER}\"\\\r\nX-{MARKER}: 1\u{1b}[31m<b>");
    let token = || bench.token().claim("iss", bench.issuer.url());
    let tokens = [
        token().header("kid", hostile.clone()),
        token().header("typ", hostile.clone()),
        token().header("alg", hostile.clone()),
        token().header("crit", vec![hostile.clone()]),
        token().header(&hostile, 1).expired(),
        token().claim("iss", hostile.clone()),
        token().claim("iss", format!("https://{MARKER}.example.com")),
        token().claim("aud", hostile.clone()),
        token().claim("aud", vec![hostile.clone()]),
        token().claim("exp", hostile.clone()),
        token().claim("nbf", hostile.clone()),
        token().claim("sub", json!({ (hostile.clone()): 1 })),
        token().claim("cnf", json!({ (hostile.clone()): 1 })),
        token().claim("sub", hostile.clone()).scope(&hostile),
        token().claim(&hostile, hostile.clone()).scope("x"),
        token().without("email").claim("scope", json!([hostile.clone()])),
        token().claim("email", json!({ (hostile.clone()): hostile })),
    ];
    let target = |path: &str| format!("{path}?{MARKER}={MARKER}&access_token={MARKER}");
    let mut answers = Vec::new();
    for token in tokens.map(axum_protected_testing::TokenBuilder::sign) {
        for call in [Call::get(&target("/api/caller")), Call::post(&target("/api/both"))] {
            let call = call.bearer(&token).header("X-Request-Id", MARKER);
            let answer = call.send(bench.app.address).await;
            answers.push((answer, token.clone()));
        }
    }
    for value in [
        format!("Bearer {MARKER}"),
        format!("Bearer \"{MARKER}\""),
        format!("{MARKER} {MARKER}"),
        format!("Basic {MARKER}"),
    ] {
        let call = Call::get(&target("/api/items")).header("Authorization", value);
        answers.push((call.send(bench.app.address).await, MARKER.to_owned()));
    }
    let mut refusals = 0;
    for (answer, token) in &answers {
        for part in token.split('.').chain([token.as_str(), MARKER]) {
            assert!(!answer.contains(part), "{answer:?}");
        }
        for secret in [bench.issuer.url(), axum_protected_tests::AUDIENCE, "jwks", "serde"] {
            assert!(!answer.contains(secret), "{answer:?}");
        }
        if !answer.is_success() {
            let code = answer.value()["code"].as_str().unwrap().to_owned();
            axum_protected_tests::refused(answer, answer.status, &code);
            refusals += 1;
        }
    }
    assert!(refusals > 30, "{refusals}");
}

#[tokio::test]
async fn the_same_refusal_reads_the_same_every_time() {
    let bench = Bench::start().await;
    let mut connection = Connection::open(bench.app.address).await;
    let mut bodies = std::collections::BTreeSet::new();
    for path in ["/api/items", "/api/me", "/api/export"] {
        for subject in ["alice", "bob"] {
            let token = bench.token().subject(subject).expired().sign();
            let answer = connection.call(&Call::get(path).bearer(&token)).await;
            bodies.insert(answer.unwrap().body);
        }
    }
    assert_eq!(bodies.len(), 1);
}

/// An application can replace the body of a refusal, but cannot accept the request in this way or
/// remove the challenge.
#[tokio::test]
async fn the_body_can_be_replaced_and_nothing_else() {
    let bench = Bench::configured(|builder| {
        builder.refusal_body(|refusal| {
            let headers = [
                (header::WWW_AUTHENTICATE, "Basic realm=\"mine\""),
                (header::RETRY_AFTER, "never"),
                (header::CACHE_CONTROL, "public, max-age=600"),
                (header::SERVER, "mine"),
            ];
            let body = Html(format!("<h1>{}</h1>", refusal.code()));
            (StatusCode::OK, headers, body).into_response()
        })
    })
    .await;
    let reader = bench.token().scope("items:read").sign();
    let expired = bench.token().expired().sign();
    let good = bench.good();
    let items = Call::get("/api/items");
    let cases = [
        (items.clone(), 401, "missing_token", None),
        (items.clone().bearer(&expired), 401, "expired_token", Some("invalid_token")),
        (items.clone().bearer("a b"), 400, "invalid_request", Some("invalid_request")),
        (
            Call::post("/api/items").bearer(&reader),
            403,
            "insufficient_scope",
            Some("insufficient_scope"),
        ),
    ];
    for (call, status, code, error) in cases {
        let answer = call.send(bench.app.address).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.text(), format!("<h1>{code}</h1>"));
        assert_eq!(answer.header("server").as_deref(), Some("mine"));
        assert_eq!(answer.header("retry-after"), None);
        assert_eq!(answer.header("cache-control").as_deref(), Some("no-store"));
        let challenge = answer.header("www-authenticate").unwrap();
        assert_eq!(Challenge::parse(&challenge).unwrap().get("error"), error);
    }
    let call = Call::get("/api/impossible").bearer(&good);
    let answer = call.send(bench.app.address).await;
    assert_eq!((answer.status, answer.header("www-authenticate")), (500, None));
    bench.app.grants(&items.bearer(&good)).await;
}
