//! Tests the order of the locations at which the server looks for the metadata of an issuer with a
//! path.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum_protected::ResourceServer;
use axum_protected_testing::TokenBuilder;
use axum_protected_tests::issuer::{JWKS, Manner};
use axum_protected_tests::{
    AUDIENCE, App, Gate, Reply, ScriptedIssuer, bounded, fresh_key, ready, token, trusting,
};
use serde_json::json;

use super::discovery::keys_only;
use super::runtimes::single_threaded;
use super::{code, me, pass, pass_until, pass_until_requests, wait_for_code};

pub(super) const PATH: &str = "/realms/acme";
pub(super) const FIRST: &str = "/realms/acme/.well-known/openid-configuration";
pub(super) const SECOND: &str = "/.well-known/oauth-authorization-server/realms/acme";
pub(super) const THIRD: &str = "/.well-known/openid-configuration/realms/acme";

pub(super) fn server_of(identifier: &str) -> ResourceServer {
    trusting(identifier).build().unwrap()
}

/// Publishes metadata at `location` that names the key set of another server.
pub(super) fn plant(
    issuer: &ScriptedIssuer,
    location: &str,
    identifier: &str,
    canary: &ScriptedIssuer,
) {
    let document = json!({ "issuer": identifier, "jwks_uri": canary.at(JWKS) });
    issuer.set(location, Reply::json(&document));
}

#[tokio::test]
async fn a_front_may_cut_unknown_paths() {
    let issuer = keys_only().await;
    let identifier = issuer.at(PATH);
    issuer.publish_metadata(FIRST, &identifier);
    issuer.set(SECOND, Reply::cut());
    issuer.set(THIRD, Reply::cut());
    let app = App::serve(server_of(&identifier)).await;
    app.grants(&me(token(&identifier))).await;
    assert_eq!(issuer.paths(), [FIRST, JWKS]);
}

#[tokio::test]
async fn a_location_that_cuts_the_connection_does_not_end_the_round() {
    for (answering, expected) in
        [(SECOND, &[FIRST, SECOND, JWKS][..]), (THIRD, &[FIRST, SECOND, THIRD, JWKS])]
    {
        let issuer = keys_only().await;
        let identifier = issuer.at(PATH);
        issuer.set(FIRST, Reply::cut());
        issuer.set(SECOND, Reply::cut());
        issuer.publish_metadata(answering, &identifier);
        let app = App::serve(server_of(&identifier)).await;
        app.grants(&me(token(&identifier))).await;
        assert_eq!(issuer.paths(), expected);
    }
}

/// The second location is asked after 2 s, and counts when the 5 s of the first one have passed.
#[tokio::test]
async fn a_location_that_hangs_is_left_after_its_time_limit() {
    let issuer = keys_only().await;
    let identifier = issuer.at(PATH);
    issuer.set(FIRST, Reply::never());
    issuer.publish_metadata(SECOND, &identifier);
    let server = server_of(&identifier);
    issuer.wait_for_requests(FIRST, 1).await;
    let tenth = Duration::from_millis(100);
    pass(&issuer, Duration::from_millis(1500)).await;
    assert_eq!(issuer.count(SECOND), 0, "asked before 2 s have passed");
    pass_until(&issuer, tenth, || issuer.count(SECOND) == 1).await;
    pass(&issuer, Duration::from_millis(2500)).await;
    assert_eq!(issuer.count(JWKS), 0, "used while the first location may answer");
    pass_until(&issuer, tenth, || issuer.count(JWKS) == 1).await;
    wait_for_code(&server, &token(&identifier), "ok").await;
    assert_eq!(issuer.paths(), [FIRST, SECOND, JWKS]);
}

#[tokio::test]
async fn a_late_answer_of_the_first_location_counts() {
    let (issuer, canary) = (keys_only().await, ScriptedIssuer::start().await);
    let identifier = issuer.at(PATH);
    let gate = Gate::shut();
    let document = json!({ "issuer": identifier, "jwks_uri": issuer.at(JWKS) });
    issuer.set(FIRST, Reply::json(&document).manner(Manner::When(gate.clone())));
    plant(&issuer, SECOND, &identifier, &canary);
    let server = server_of(&identifier);
    issuer.wait_for_requests(FIRST, 1).await;
    pass_until(&issuer, Duration::from_millis(100), || issuer.count(SECOND) == 1).await;
    pass(&issuer, Duration::from_secs(1)).await;
    gate.open();
    wait_for_code(&server, &token(&identifier), "ok").await;
    assert_eq!(issuer.paths(), [FIRST, SECOND, JWKS]);
    assert_eq!(canary.connections(), 0);
}

/// Somebody who can put files at the root of the host is not the issuer of a path. When the
/// location below the path fails, the server does not ask another location, not even after two
/// days.
#[tokio::test]
async fn a_planted_document_is_ignored_after_the_first_location_has_answered() {
    let (issuer, canary) = (keys_only().await, ScriptedIssuer::start().await);
    let identifier = issuer.at(PATH);
    issuer.publish_metadata(FIRST, &identifier);
    let server = server_of(&identifier);
    ready(&server).await;
    plant(&issuer, SECOND, &identifier, &canary);
    plant(&issuer, THIRD, &identifier, &canary);
    let planted = fresh_key();
    canary.set(JWKS, Reply::keys(&planted));
    for reply in [Reply::text(404, ""), Reply::cut()] {
        issuer.set(FIRST, reply);
        let asked = issuer.count(FIRST);
        pass_until_requests(&issuer, FIRST, asked + 2).await;
        pass(&issuer, Duration::from_secs(10)).await;
        let forged = TokenBuilder::new(&planted, &identifier, AUDIENCE);
        assert_eq!(code(&server, forged).await, "unknown_key");
        server.reload_keys().await.unwrap_err();
        assert_eq!(code(&server, token(&identifier)).await, "ok");
    }
    for _ in 0..48 {
        pass(&issuer, Duration::from_hours(1)).await;
    }
    assert_eq!(code(&server, token(&identifier)).await, "keys_unavailable");
    assert_eq!((issuer.count(SECOND), issuer.count(THIRD)), (0, 0));
    assert_eq!(canary.connections(), 0);
}

/// The server also keeps the location when its background task starts anew on another runtime.
#[test]
fn the_location_is_kept_on_another_runtime() {
    let background = super::runtimes::background();
    let (issuer, canary) =
        background.block_on(async { (keys_only().await, ScriptedIssuer::start().await) });
    let identifier = issuer.at(PATH);
    issuer.publish_metadata(FIRST, &identifier);
    let server = server_of(&identifier);
    let first = single_threaded();
    assert_eq!(first.block_on(code(&server, token(&identifier))), "ok");
    drop(first);
    issuer.take(FIRST);
    plant(&issuer, SECOND, &identifier, &canary);
    let second = single_threaded();
    second.block_on(async {
        let unknown = token(&identifier).header("kid", "unknown");
        assert_eq!(code(&server, unknown).await, "unknown_key");
        assert_eq!(code(&server, token(&identifier)).await, "ok");
    });
    assert_eq!(issuer.paths(), [FIRST, JWKS, FIRST]);
    assert_eq!(canary.connections(), 0);
}

/// A failed TLS handshake ends the round, because all locations have the same host.
#[tokio::test]
async fn a_host_without_a_secure_connection_is_tried_once() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let identifier = format!("https://{}{PATH}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let accepting = tokio::spawn({
        let connections = Arc::clone(&connections);
        async move {
            while listener.accept().await.is_ok() {
                connections.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    let server = server_of(&identifier);
    bounded("the end of a round", async {
        while server.health().issuers[0].last_error.is_none() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    })
    .await;
    assert_eq!(connections.load(Ordering::SeqCst), 1);
    accepting.abort();
}
