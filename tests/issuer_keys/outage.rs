//! Tests an issuer that is unreachable or hangs.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use axum_protected_tests::issuer::{JWKS, Manner, OPENID};
use axum_protected_tests::{
    App, Call, Gate, Reply, ScriptedIssuer, bounded, fresh_key, keys, refused, trusting,
};
use tokio::time::Instant;

use super::{
    code, me, pass, pass_until, pass_until_requests, signed_by, wait_for_code, warm, warm_app,
    with_unknown_kid,
};

#[tokio::test]
async fn keys_serve_during_an_outage_for_a_bounded_time() {
    let issuer = ScriptedIssuer::start().await;
    let server = warm(&issuer).await;
    issuer.down(true);
    let loaded = Instant::now();
    pass_until_requests(&issuer, JWKS, 2).await;
    let stale = Instant::now();
    let half_a_minute = Duration::from_secs(30);
    while stale.elapsed() < Duration::from_mins(9 * 60 + 50) {
        assert_eq!(code(&server, issuer.token()).await, "ok");
        pass(&issuer, half_a_minute).await;
    }
    let requests = issuer.paths().len();
    assert!(requests > 400, "less than about once a minute: {requests}");
    assert!(requests < 2500, "much more than once a minute: {requests}");
    pass_until(&issuer, half_a_minute, || loaded.elapsed() > Duration::from_hours(11)).await;
    assert_eq!(code(&server, issuer.token()).await, "keys_unavailable");
    issuer.down(false);
    let requests = issuer.count(JWKS);
    pass_until(&issuer, half_a_minute, || issuer.count(JWKS) > requests).await;
    wait_for_code(&server, &issuer.token(), "ok").await;
}

#[tokio::test]
async fn without_keys_the_server_refuses_until_a_request_fetches_them() {
    let issuer = ScriptedIssuer::start().await;
    issuer.down(true);
    let server = trusting(issuer.url()).build().unwrap();
    let app = App::serve(server.clone()).await;
    let not_ready = server.ready().await.unwrap_err().to_string();
    assert!(not_ready.contains(issuer.url()), "{not_ready}");
    for _ in 0..3 {
        app.refuses(&me(issuer.token()), 503, "keys_unavailable").await;
        let optional = Call::get("/api/optional").bearer(&issuer.token().sign());
        app.refuses(&optional, 503, "keys_unavailable").await;
    }
    app.grants(&Call::get("/api/optional")).await;
    app.grants(&Call::get("/health")).await;
    app.refuses(&Call::get("/api/me"), 401, "missing_token").await;
    issuer.down(false);
    pass(&issuer, Duration::from_secs(10)).await;
    app.grants(&me(issuer.token())).await;
}

#[tokio::test]
async fn without_keys_the_server_fetches_them_by_itself() {
    let issuer = ScriptedIssuer::start().await;
    issuer.down(true);
    let server = trusting(issuer.url()).build().unwrap();
    issuer.wait_for_requests(OPENID, 1).await;
    issuer.down(false);
    pass_until_requests(&issuer, JWKS, 1).await;
    bounded("keys", server.ready()).await.unwrap();
    assert_eq!(code(&server, issuer.token()).await, "ok");
}

/// If the issuer is slow when the key set expires, the server keeps the old keys. If the issuer is
/// slow until the server stops using the old keys, requests wait for the fetch in progress.
#[tokio::test]
async fn an_issuer_that_is_slow_at_expiry_delays_no_valid_key() {
    let issuer = ScriptedIssuer::start().await;
    let server = warm(&issuer).await;
    let gate = Gate::shut();
    issuer.set(JWKS, Reply::keys(keys()).manner(Manner::When(gate.clone())));
    pass_until_requests(&issuer, JWKS, 2).await;
    for _ in 0..5 {
        let token = issuer.token().sign();
        let mut answer = pin!(server.authenticate(&token));
        let first = poll_fn(|context| Poll::Ready(answer.as_mut().poll(context)));
        assert!(matches!(first.await, Poll::Ready(Ok(_))), "the request waited");
    }
    issuer.down(true);
    gate.open();
    let stale = Instant::now();
    pass_until(&issuer, Duration::from_mins(10), || stale.elapsed() > Duration::from_hours(11))
        .await;
    assert_eq!(code(&server, issuer.token()).await, "keys_unavailable");
    let gate = Gate::shut();
    issuer.set(JWKS, Reply::keys(keys()).manner(Manner::When(gate.clone())));
    issuer.down(false);
    let requests = issuer.count(JWKS);
    let second = Duration::from_secs(1);
    pass_until(&issuer, second, || issuer.count(JWKS) > requests).await;
    let waiting = tokio::spawn({
        let (server, token) = (server.clone(), issuer.token());
        async move { code(&server, token).await }
    });
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    gate.open();
    assert_eq!(bounded("keys", waiting).await.unwrap(), "ok");
    assert_eq!(issuer.count(JWKS), requests + 1);
}

/// A server that has stopped using its old keys is not ready: `ready` waits for the next keys.
#[tokio::test]
async fn readiness_waits_for_the_successors_of_ended_keys() {
    let issuer = ScriptedIssuer::start().await;
    let server = warm(&issuer).await;
    issuer.down(true);
    let loaded = Instant::now();
    pass_until(&issuer, Duration::from_mins(10), || loaded.elapsed() > Duration::from_hours(12))
        .await;
    assert!(server.ready().await.is_err());
    pass(&issuer, Duration::from_secs(10)).await;
    let gate = Gate::shut();
    issuer.set(JWKS, Reply::keys(keys()).manner(Manner::When(gate.clone())));
    issuer.down(false);
    let requests = issuer.count(JWKS);
    let ready = tokio::spawn({
        let server = server.clone();
        async move { server.ready().await }
    });
    issuer.wait_for_requests(JWKS, requests + 1).await;
    assert!(!ready.is_finished(), "it did not wait for the fetch");
    gate.open();
    bounded("keys", ready).await.unwrap().unwrap();
    assert_eq!(code(&server, issuer.token()).await, "ok");
}

/// No server listens at the address of this issuer.
#[tokio::test]
async fn an_unreachable_issuer_is_an_outage() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let app = App::serve(trusting(address.as_str()).build().unwrap()).await;
    let call = me(axum_protected_tests::token(&address));
    app.refuses(&call, 503, "keys_unavailable").await;
}

/// If the issuer is down but the server has keys, the response to a forged token is a 401 and not a
/// 5xx.
#[tokio::test]
async fn a_forged_token_is_a_401_even_during_an_outage() {
    let issuer = ScriptedIssuer::start().await;
    let app = warm_app(&issuer).await;
    issuer.down(true);
    let forger = fresh_key();
    let own_name = axum_protected_tests::kid(keys(), 1);
    for (token, code) in [
        (with_unknown_kid(&issuer, 0), "unknown_key"),
        (signed_by(&forger, &issuer), "unknown_key"),
        (signed_by(&forger, &issuer).header("kid", own_name), "invalid_signature"),
        (issuer.token().expired(), "expired_token"),
        (issuer.token().claim("iss", "https://x"), "unknown_issuer"),
        (issuer.token().header("alg", "none"), "unsupported_algorithm"),
        (issuer.token().claim("aud", "x"), "wrong_audience"),
    ] {
        app.refuses(&me(token), 401, code).await;
        app.grants(&me(issuer.token())).await;
    }
    let garbage = Call::get("/api/me").bearer("garbage");
    app.refuses(&garbage, 401, "malformed_token").await;
    assert!(issuer.count(JWKS) > 1, "the issuer got no further request");
}

/// If the server has no keys, the response to a malformed token is a 401, as it is with keys.
#[tokio::test]
async fn a_malformed_token_is_a_401_even_without_keys() {
    let issuer = ScriptedIssuer::start().await;
    issuer.down(true);
    let app = App::serve(trusting(issuer.url()).build().unwrap()).await;
    app.refuses(&me(issuer.token()), 503, "keys_unavailable").await;
    for (token, code) in [
        (issuer.token().expired(), "expired_token"),
        (issuer.token().claim("aud", "x"), "wrong_audience"),
        (issuer.token().claim("iss", "https://x"), "unknown_issuer"),
        (issuer.token().header("alg", "none"), "unsupported_algorithm"),
        (issuer.token().header("alg", "HS256"), "unsupported_algorithm"),
        (issuer.token().without("exp"), "missing_claim"),
    ] {
        app.refuses(&me(token), 401, code).await;
    }
    let garbage = Call::get("/api/me").bearer("garbage");
    app.refuses(&garbage, 401, "malformed_token").await;
    app.refuses(&me(issuer.token()), 503, "keys_unavailable").await;
}

#[tokio::test]
async fn an_issuer_that_hangs_does_not_affect_tokens_of_another() {
    let (sick, well) = (ScriptedIssuer::start().await, ScriptedIssuer::start().await);
    sick.set(OPENID, Reply::never());
    let server = trusting(sick.url()).issuer(well.url()).build().unwrap();
    let app = App::serve(server).await;
    let waiting = tokio::spawn({
        let (address, call) = (app.address, me(sick.token()));
        async move { call.send(address).await }
    });
    sick.wait_for_requests(OPENID, 1).await;
    for _ in 0..5 {
        app.grants(&me(well.token())).await;
    }
    assert!(!waiting.is_finished());
    // The waiting request ends after its own timeout or after the timeout of the fetch.
    let second = Duration::from_secs(1);
    pass_until(&well, second, || waiting.is_finished()).await;
    let answer = waiting.await.unwrap();
    refused(&answer, 503, "keys_unavailable");
    app.grants(&me(well.token())).await;
}
