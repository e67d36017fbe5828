//! Tests seed keys, with which a server can start while its issuer is down.

use std::time::Duration;

use axum_protected::{Issuer, ResourceServer, ResourceServerBuilder};
use axum_protected_tests::issuer::JWKS;
use axum_protected_tests::{AUDIENCE, App, Reply, ScriptedIssuer, fresh_key, keys, trusting};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{code, me, pass, pass_until, signed_by, wait_for_code, with_unknown_kid};

fn seeded(issuer: &ScriptedIssuer, seed: Value) -> ResourceServer {
    let issuer = Issuer::new(issuer.url()).seed_jwks(seed);
    trusting(issuer).build().unwrap()
}

#[tokio::test]
async fn a_seed_serves_until_the_issuer_answers() {
    let issuer = ScriptedIssuer::start().await;
    issuer.down(true);
    let seed = fresh_key();
    let server = seeded(&issuer, seed.jwks());
    server.ready().await.unwrap();
    let app = App::serve(server.clone()).await;
    let old = me(signed_by(&seed, &issuer));
    app.grants(&old).await;
    app.refuses(&me(with_unknown_kid(&issuer, 0)), 401, "unknown_key").await;
    issuer.down(false);
    pass_until(&issuer, Duration::from_secs(1), || issuer.count(JWKS) > 0).await;
    wait_for_code(&server, &issuer.token(), "ok").await;
    app.refuses(&old, 401, "unknown_key").await;
    assert_eq!(code(&server, signed_by(&seed, &issuer)).await, "unknown_key");
}

/// A seed does not replace the first fetch. The server requests the keys immediately and without
/// `If-None-Match`.
#[tokio::test]
async fn a_seed_does_not_delay_the_first_fetch() {
    let issuer = ScriptedIssuer::start().await;
    let server = seeded(&issuer, keys().jwks());
    issuer.wait_for_requests(JWKS, 1).await;
    assert_eq!(code(&server, issuer.token()).await, "ok");
    let seen = issuer.requests();
    let conditional = ["if-none-match", "if-modified-since"];
    for seen in &seen {
        assert!(conditional.iter().all(|name| seen.header(name).is_none()));
    }
}

#[tokio::test]
async fn a_seed_ends_with_the_outage_bound_counted_from_the_start() {
    let issuer = ScriptedIssuer::start().await;
    issuer.down(true);
    let server = seeded(&issuer, keys().jwks());
    let start = Instant::now();
    let minute = Duration::from_secs(60);
    while start.elapsed() < Duration::from_mins(9 * 60 + 58) {
        assert_eq!(code(&server, issuer.token()).await, "ok");
        pass(&issuer, minute).await;
    }
    pass_until(&issuer, minute, || start.elapsed() > Duration::from_mins(10 * 60 + 1)).await;
    assert_eq!(code(&server, issuer.token()).await, "keys_unavailable");
    server.ready().await.unwrap_err();
}

/// After an empty or invalid response the server keeps its current keys, in this test the seed.
#[tokio::test]
async fn an_invalid_answer_leaves_the_seed() {
    let issuer = ScriptedIssuer::start().await;
    issuer.set(JWKS, Reply::json(&json!({ "keys": [] })));
    let server = seeded(&issuer, keys().jwks());
    issuer.wait_for_requests(JWKS, 1).await;
    for _ in 0..3 {
        assert_eq!(code(&server, issuer.token()).await, "ok");
        issuer.ping().await;
    }
}

fn problem(issuer: Issuer) -> String {
    trusting(issuer).build().unwrap_err().to_string()
}

/// Like a fetched set, a seed may contain members that the server cannot use, because issuers
/// publish encryption keys too.
#[tokio::test]
async fn a_seed_may_have_unused_members() {
    let issuer = ScriptedIssuer::start().await;
    issuer.down(true);
    let mut seed = keys().jwks();
    let member = json!({ "kty": "oct", "k": "m4rk3r", "kid": "odd" });
    seed["keys"].as_array_mut().unwrap().push(member);
    let server = seeded(&issuer, seed);
    assert_eq!(code(&server, issuer.token()).await, "ok");
}

#[test]
fn a_seed_without_a_usable_key_is_a_configuration_error() {
    let issuer = || Issuer::new("https://id.example.com");
    let mut private = fresh_key().jwks();
    private["keys"][0]["d"] = "m4rk3r".into();
    for (seed, expected) in [
        (private, "seed_jwks"),
        (json!({ "keys": [] }), "seed_jwks"),
        (json!([]), "seed_jwks"),
        (json!("https://id.example.com/jwks"), "seed_jwks"),
    ] {
        let problem = problem(issuer().seed_jwks(seed));
        assert!(problem.contains(expected), "{problem}");
        assert!(!problem.contains("m4rk3r"), "{problem}");
    }
    let both = issuer().seed_jwks(keys().jwks()).jwks(keys().jwks());
    let error = problem(both);
    assert!(error.contains("`seed_jwks` and `jwks`"), "{error}");
    let elsewhere = issuer().seed_jwks(keys().jwks()).jwks_uri("https://id.example.com/jwks");
    assert!(trusting(elsewhere).build().is_ok());
}

#[tokio::test]
async fn a_seed_can_be_read_from_a_file() {
    let seed = fresh_key();
    let description = json!({
        "issuers": [{ "issuer": "http://127.0.0.1:1", "seed_jwks": seed.jwks() }],
        "audiences": [AUDIENCE],
    });
    let builder: ResourceServerBuilder = serde_json::from_value(description).unwrap();
    let server = builder.build().unwrap();
    let builder = axum_protected_testing::TokenBuilder::new(&seed, "http://127.0.0.1:1", AUDIENCE);
    assert_eq!(code(&server, builder).await, "ok");
}
