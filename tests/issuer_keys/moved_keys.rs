//! Tests an issuer that moves its key set to another URL, and metadata that cannot be revalidated.

use std::time::Duration;

use axum_protected::{Issuer, ResourceServer};
use axum_protected_testing::SigningKeys;
use axum_protected_tests::issuer::{JWKS, OPENID};
use axum_protected_tests::{Log, Reply, ScriptedIssuer, fresh_key, token, trusting};
use serde_json::json;
use tokio::time::Instant;

use super::discovery::keys_only;
use super::{code, pass, pass_until, pass_until_requests, signed_by, wait_for_code, warm};

const MOVED: &str = "/moved";

/// Moves the key set of the issuer to another URL, with new keys. The old URL still serves the old
/// keys.
fn move_keys(issuer: &ScriptedIssuer) -> SigningKeys {
    let new = fresh_key();
    issuer.set(MOVED, Reply::keys(&new));
    let moved = json!({ "issuer": issuer.url(), "jwks_uri": issuer.at(MOVED) });
    issuer.set(OPENID, Reply::json(&moved));
    new
}

fn last_error(server: &ResourceServer) -> Option<String> {
    server.health().issuers[0].last_error.clone()
}

#[tokio::test]
async fn a_moved_key_set_is_followed_without_a_restart() {
    let issuer = ScriptedIssuer::start().await;
    let server = warm(&issuer).await;
    let new = move_keys(&issuer);
    pass_until_requests(&issuer, MOVED, 1).await;
    wait_for_code(&server, &signed_by(&new, &issuer), "ok").await;
    assert_eq!(code(&server, issuer.token()).await, "unknown_key");
}

/// The key set at the old URL is unchanged or gone, so the fetch for the unknown key also asks for
/// the metadata.
#[tokio::test]
async fn a_request_with_an_unknown_key_notices_the_move() {
    for is_gone in [false, true] {
        let issuer = ScriptedIssuer::start().await;
        let server = warm(&issuer).await;
        let new = move_keys(&issuer);
        if is_gone {
            issuer.take(JWKS);
        }
        assert_eq!(code(&server, signed_by(&new, &issuer)).await, "ok");
        assert_eq!(issuer.paths(), [OPENID, JWKS, JWKS, OPENID, MOVED]);
        assert_eq!(code(&server, issuer.token()).await, "unknown_key");
    }
}

/// New keys are usually at the known URL, so a request for them does not wait for the metadata.
#[tokio::test]
async fn a_request_whose_key_is_at_the_known_url_asks_for_no_metadata() {
    let issuer = ScriptedIssuer::start().await;
    let server = warm(&issuer).await;
    let new = fresh_key();
    issuer.set(JWKS, Reply::keys(&new));
    assert_eq!(code(&server, signed_by(&new, &issuer)).await, "ok");
    assert_eq!(issuer.paths(), [OPENID, JWKS, JWKS]);
}

#[tokio::test]
async fn a_reload_notices_the_move() {
    let issuer = ScriptedIssuer::start().await;
    let server = warm(&issuer).await;
    let new = move_keys(&issuer);
    server.reload_keys().await.unwrap();
    assert_eq!(code(&server, signed_by(&new, &issuer)).await, "ok");
    assert_eq!(code(&server, issuer.token()).await, "unknown_key");
}

/// The server sends the validators of the metadata, and a 304 response confirms its `jwks_uri`.
#[tokio::test]
async fn metadata_is_revalidated_with_a_conditional_request() {
    let issuer = ScriptedIssuer::silent().await;
    let document = json!({ "issuer": issuer.url(), "jwks_uri": issuer.at(JWKS) });
    issuer.set(OPENID, Reply::json(&document).header("ETag", "\"m1\""));
    issuer.set(JWKS, Reply::keys(axum_protected_tests::keys()));
    let server = warm(&issuer).await;
    issuer.set(OPENID, Reply::text(304, "").header("ETag", "\"m1\""));
    server.reload_keys().await.unwrap();
    assert_eq!(issuer.paths(), [OPENID, JWKS, OPENID, JWKS]);
    let requests = issuer.requests();
    let validators = requests.iter().filter(|seen| seen.path == OPENID);
    let validators: Vec<_> = validators.map(|seen| seen.header("if-none-match")).collect();
    assert_eq!(validators, [None, Some("\"m1\"")]);
    assert_eq!(code(&server, issuer.token()).await, "ok");
}

/// After invalid metadata, the next request for it has no `If-None-Match`, so that a 304 response
/// cannot confirm the invalid document.
#[tokio::test]
async fn invalid_metadata_is_never_revalidated() {
    let issuer = ScriptedIssuer::start().await;
    let server = warm(&issuer).await;
    issuer.set(OPENID, Reply::text(200, "{}").header("ETag", "\"broken\""));
    server.reload_keys().await.unwrap_err();
    let asked = issuer.count(OPENID);
    issuer.publish_metadata(OPENID, issuer.url());
    pass_until_requests(&issuer, OPENID, asked + 1).await;
    let requests = issuer.requests();
    let last = requests.iter().rfind(|seen| seen.path == OPENID).unwrap();
    assert_eq!(last.header("if-none-match"), None);
    pass_until(&issuer, Duration::from_secs(1), || last_error(&server).is_none()).await;
}

/// If the metadata fails or is invalid, the last valid `jwks_uri` remains in use, and the log
/// contains a warning.
#[tokio::test]
async fn keys_come_from_the_last_url_while_the_metadata_fails() {
    let foreign = json!({ "issuer": "https://other.example.com", "jwks_uri": "https://x/k" });
    for (reply, expected) in [
        (Reply::text(404, ""), "404"),
        (Reply::text(200, "<html></html>"), ""),
        (Reply::json(&foreign), "another issuer"),
    ] {
        let issuer = ScriptedIssuer::start().await;
        let server = warm(&issuer).await;
        issuer.set(OPENID, reply);
        let new = fresh_key();
        issuer.set(JWKS, Reply::keys(&new));
        let (log, _guard) = Log::open();
        let error = server.reload_keys().await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert_eq!(code(&server, signed_by(&new, &issuer)).await, "ok", "{expected}");
        let entries = log.take();
        let warning = entries
            .iter()
            .find(|entry| entry.name == "axum_protected.metadata.not_fetched")
            .expect("a warning");
        assert_eq!(warning.level, tracing::Level::WARN);
        let cause = warning.get("error").unwrap();
        assert!(cause.contains(expected), "{cause}");
        assert_eq!(last_error(&server).as_deref(), Some(cause));
        issuer.publish_metadata(OPENID, issuer.url());
        pass_until(&issuer, Duration::from_secs(30), || last_error(&server).is_none()).await;
    }
}

/// An issuer moves its key set, and its metadata fails from then on. The keys at the old URL are
/// used no longer than in an outage, although the old URL always answers.
#[tokio::test]
async fn keys_of_the_last_url_serve_for_a_bounded_time() {
    let issuer = ScriptedIssuer::start().await;
    let server = warm(&issuer).await;
    let metadata = issuer.take(OPENID);
    let loaded = Instant::now();
    let half_a_minute = Duration::from_secs(30);
    pass_until(&issuer, half_a_minute, || loaded.elapsed() > Duration::from_mins(10 * 60 + 40))
        .await;
    assert_eq!(code(&server, issuer.token()).await, "ok");
    let before = issuer.count(JWKS);
    pass_until(&issuer, half_a_minute, || loaded.elapsed() > Duration::from_mins(10 * 60 + 50))
        .await;
    assert!(issuer.count(JWKS) > before, "the key set was asked for all the time");
    assert_eq!(code(&server, issuer.token()).await, "keys_unavailable");
    issuer.set(OPENID, metadata);
    pass(&issuer, Duration::from_secs(60)).await;
    wait_for_code(&server, &issuer.token(), "ok").await;
}

/// The configured URL of the metadata is the only location. The identifier is not a URL.
#[tokio::test]
async fn a_configured_metadata_url_is_the_only_location() {
    let issuer = keys_only().await;
    issuer.publish_metadata("/custom", "acme.com");
    let configured = || Issuer::new("acme.com").metadata_url(issuer.at("/custom"));
    let server = trusting(configured()).build().unwrap();
    assert_eq!(code(&server, token("acme.com")).await, "ok");
    assert_eq!(issuer.paths(), ["/custom", JWKS]);

    for reply in [
        Reply::text(404, ""),
        Reply::json(&json!({ "issuer": "ACME.com", "jwks_uri": issuer.at(JWKS) })),
    ] {
        issuer.set("/custom", reply);
        let server = trusting(configured()).build().unwrap();
        assert_eq!(code(&server, token("acme.com")).await, "keys_unavailable");
        assert!(last_error(&server).is_some());
    }
    assert!(issuer.paths().iter().all(|path| path == "/custom" || path == JWKS));
    assert_eq!(issuer.count(JWKS), 1);
}

/// A configured `jwks_uri` takes precedence over the metadata.
#[tokio::test]
async fn a_configured_jwks_uri_beside_a_metadata_url_wins() {
    let issuer = keys_only().await;
    issuer.publish_metadata("/custom", "acme.com");
    let configured = Issuer::new("acme.com").metadata_url(issuer.at("/custom"));
    let server = trusting(configured.jwks_uri(issuer.at(JWKS))).build().unwrap();
    assert_eq!(code(&server, token("acme.com")).await, "ok");
    assert_eq!(issuer.paths(), [JWKS]);
}

/// The address 0.0.0.0 is not a loopback address, but a connection to it ends on this machine.
#[tokio::test]
async fn metadata_leads_to_plain_http_only_with_permission() {
    let issuer = keys_only().await;
    let port = issuer.url().rsplit_once(':').unwrap().1;
    let jwks_uri = format!("http://0.0.0.0:{port}{JWKS}");
    issuer.set(OPENID, Reply::json(&json!({ "issuer": issuer.url(), "jwks_uri": jwks_uri })));
    for (configured, expected) in [
        (Issuer::new(issuer.url()), "keys_unavailable"),
        (Issuer::new(issuer.url()).insecure_http(), "ok"),
    ] {
        let server = trusting(configured).build().unwrap();
        assert_eq!(code(&server, issuer.token()).await, expected);
    }
}
