//! Tests that background work ends when the server is dropped.

use std::time::Duration;

use axum_protected_tests::issuer::{JWKS, OPENID};
use axum_protected_tests::{Reply, ScriptedIssuer, trusting};

use super::{code, pass, warm};

#[tokio::test]
async fn dropping_the_last_clone_cancels_the_fetch() {
    for path in [OPENID, JWKS] {
        let issuer = ScriptedIssuer::start().await;
        issuer.set(path, Reply::never());
        let server = trusting(issuer.url()).build().unwrap();
        issuer.wait_for_requests(path, 1).await;
        let clone = server.clone();
        drop(server);
        let token = issuer.token().sign();
        let held = clone.authenticate(&token);
        let waited = tokio::time::timeout(Duration::from_millis(1), held).await;
        assert!(waited.is_err(), "the clone still waits for keys");
        drop(clone);
        issuer.wait_for_disconnect().await;
        assert_eq!(issuer.count(path), 1);
    }
}

#[tokio::test]
async fn nothing_is_fetched_after_the_last_clone() {
    let issuer = ScriptedIssuer::start().await;
    let server = warm(&issuer).await;
    let clone = server.clone();
    drop(server);
    assert_eq!(code(&clone, issuer.token()).await, "ok");
    drop(clone);
    issuer.wait_for_disconnect().await;
    for _ in 0..48 {
        pass(&issuer, Duration::from_hours(1)).await;
    }
    assert_eq!(issuer.count(JWKS), 1);
}
