//! Tests `reload_keys`.

use std::time::Duration;

use axum_protected::Issuer;
use axum_protected_tests::issuer::{JWKS, Manner};
use axum_protected_tests::{
    Gate, Reply, ScriptedIssuer, bounded, fresh_key, keys, ready, trusting,
};

use super::{code, pass, pass_until, signed_by, warm, with_unknown_kid};

#[tokio::test]
async fn a_withdrawn_key_is_refused_when_the_reload_returns() {
    let issuer = ScriptedIssuer::start().await;
    let server = warm(&issuer).await;
    assert_eq!(code(&server, issuer.token()).await, "ok");
    let new = fresh_key();
    issuer.set(JWKS, Reply::keys(&new));
    assert_eq!(code(&server, issuer.token()).await, "ok");
    server.reload_keys().await.unwrap();
    assert_eq!(code(&server, issuer.token()).await, "unknown_key");
    assert_eq!(code(&server, signed_by(&new, &issuer)).await, "ok");
}

/// For any number of calls of `reload_keys` in ten seconds, the server sends one request to the
/// issuer.
#[tokio::test]
async fn reloads_are_limited_to_one_in_ten_seconds() {
    let issuer = ScriptedIssuer::start().await;
    let server = warm(&issuer).await;
    for round in 1..=3 {
        for number in 0..5 {
            assert_eq!(code(&server, with_unknown_kid(&issuer, number)).await, "unknown_key");
        }
        let fetched = issuer.count(JWKS);
        let reloads = (0..20).map(|_| {
            let server = server.clone();
            tokio::spawn(async move { server.reload_keys().await })
        });
        for reload in reloads.collect::<Vec<_>>() {
            bounded("a reload", reload).await.unwrap().unwrap();
        }
        assert_eq!(issuer.count(JWKS), fetched + 1, "round {round}");
        // Calls of `reload_keys` and unknown keys have separate limits: unknown keys cause five
        // fetches in the first round and one in each later round.
        assert_eq!(issuer.count(JWKS), 5 + 2 * round);
        pass(&issuer, Duration::from_secs(10)).await;
    }
}

/// A fetch in progress may have missed the new keys, so `reload_keys` starts a second fetch after
/// it.
#[tokio::test]
async fn a_reload_during_a_fetch_is_followed_by_a_second_fetch() {
    let issuer = ScriptedIssuer::start().await;
    let server = warm(&issuer).await;
    let gate = Gate::shut();
    let old = Reply::keys(keys()).manner(Manner::When(gate.clone()));
    issuer.set(JWKS, old);
    let asking = tokio::spawn({
        let (server, token) = (server.clone(), with_unknown_kid(&issuer, 0).sign());
        async move { server.authenticate(&token).await.is_ok() }
    });
    issuer.wait_for_requests(JWKS, 2).await;
    issuer.set(JWKS, Reply::keys(&fresh_key()));
    let reload = tokio::spawn({
        let server = server.clone();
        async move { server.reload_keys().await }
    });
    tokio::task::yield_now().await;
    assert_eq!(issuer.count(JWKS), 2, "two fetches at the same time");
    gate.open();
    bounded("the reload", reload).await.unwrap().unwrap();
    assert!(!asking.await.unwrap());
    assert_eq!(issuer.count(JWKS), 3);
    assert_eq!(code(&server, issuer.token()).await, "unknown_key");
}

#[tokio::test]
async fn a_failed_reload_names_its_issuer_and_changes_nothing() {
    let (sick, well) = (ScriptedIssuer::start().await, ScriptedIssuer::start().await);
    let fixed = Issuer::new("https://id.example.com").jwks(keys().jwks());
    let server = trusting(sick.url()).issuer(well.url()).issuer(fixed).build().unwrap();
    ready(&server).await;
    sick.down(true);
    for _ in 0..2 {
        let error = server.reload_keys().await.unwrap_err().to_string();
        assert!(error.contains(sick.url()), "{error}");
        assert!(!error.contains(well.url()), "{error}");
        assert!(!error.contains("id.example.com"), "{error}");
    }
    assert_eq!(code(&server, sick.token()).await, "ok");
    assert_eq!(code(&server, well.token()).await, "ok");
    sick.down(false);
    pass(&sick, Duration::from_secs(10)).await;
    server.reload_keys().await.unwrap();
}

/// If one issuer does not respond, `reload_keys` loads the keys of the other issuers and returns
/// after a timeout.
#[tokio::test]
async fn a_reload_times_out() {
    let (sick, well) = (ScriptedIssuer::start().await, ScriptedIssuer::start().await);
    let server = trusting(sick.url()).issuer(well.url()).build().unwrap();
    ready(&server).await;
    let new = fresh_key();
    sick.set(JWKS, Reply::never());
    well.set(JWKS, Reply::keys(&new));
    let reload = tokio::spawn({
        let server = server.clone();
        async move { server.reload_keys().await }
    });
    sick.wait_for_requests(JWKS, 2).await;
    well.wait_for_requests(JWKS, 2).await;
    bounded("the keys of the reachable issuer", async {
        while code(&server, signed_by(&new, &well)).await != "ok" {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let second = Duration::from_secs(1);
    pass_until(&well, second, || reload.is_finished()).await;
    let error = reload.await.unwrap().unwrap_err().to_string();
    assert!(error.contains(sick.url()), "{error}");
    assert!(!error.contains(well.url()), "{error}");
    assert_eq!(code(&server, sick.token()).await, "ok");
}

/// Without a tokio runtime `reload_keys` returns an error immediately.
#[test]
fn a_reload_without_a_runtime_is_an_error() {
    let server = trusting("https://id.example.com").build().unwrap();
    let mut reload = std::pin::pin!(server.reload_keys());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(outcome) = reload.as_mut().poll(&mut context) else {
        panic!("it waited");
    };
    let error = outcome.unwrap_err().to_string();
    assert!(error.contains("https://id.example.com"), "{error}");
}
