//! Tests that a change of keys ends streams.

use std::time::Duration;

use axum_protected::clock::{Clock, SystemClock};
use axum_protected::{AccessToken, ResourceServer};
use axum_protected_testing::{SigningKeys, TokenBuilder};
use axum_protected_tests::issuer::JWKS;
use axum_protected_tests::{AUDIENCE, Reply, ScriptedIssuer, bounded, fresh_key, ready, trusting};
use futures_util::FutureExt;
use serde_json::{Value, json};

use super::{lasting, warm};

async fn publish(
    issuer: &ScriptedIssuer,
    server: &ResourceServer,
    members: &[Value],
    new: &SigningKeys,
) {
    issuer.set(JWKS, Reply::json(&json!({ "keys": members })));
    // A token with an unknown key causes a fetch, at most once in ten seconds.
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(10)).await;
    tokio::time::resume();
    let token = lasting(TokenBuilder::new(new, issuer.url(), AUDIENCE)).sign();
    server.authenticate(&token).await.unwrap();
}

fn member(keys: &SigningKeys) -> Value {
    keys.jwks()["keys"][0].clone()
}

struct Case {
    issuer: ScriptedIssuer,
    server: ResourceServer,
    own: SigningKeys,
    token: AccessToken,
}

impl Case {
    async fn start(change: fn(TokenBuilder) -> TokenBuilder) -> Self {
        let issuer = ScriptedIssuer::start().await;
        let own = fresh_key();
        issuer.set(JWKS, Reply::keys(&own));
        let (server, _) = warm(&issuer).await;
        let token = lasting(TokenBuilder::new(&own, issuer.url(), AUDIENCE));
        let token = server.authenticate(&change(token).sign()).await.unwrap();
        Self { issuer, server, own, token }
    }
}

#[tokio::test]
async fn an_overlap_ends_nothing_and_a_withdrawal_does() {
    let case = Case::start(|token| token).await;
    let mut end = Box::pin(case.server.until_invalid(&case.token));
    let own = member(&case.own);
    for _ in 0..3 {
        let new = fresh_key();
        let members = [member(&new), own.clone()];
        publish(&case.issuer, &case.server, &members, &new).await;
        assert!((&mut end).now_or_never().is_none());
        let begun_after = case.server.until_invalid(&case.token);
        assert!(begun_after.now_or_never().is_none());
    }
    let new = fresh_key();
    publish(&case.issuer, &case.server, &[member(&new)], &new).await;
    let error = bounded("the withdrawal", end).await;
    assert_eq!(error.kind().code(), "unknown_key");
    let error = bounded("a verdict", case.server.until_invalid(&case.token)).await;
    assert_eq!(error.kind().code(), "unknown_key");
}

#[tokio::test]
async fn another_key_of_the_same_name_ends_the_stream() {
    let case = Case::start(|token| token).await;
    let end = case.server.until_invalid(&case.token);
    let new = fresh_key();
    let mut imposter = member(&fresh_key());
    imposter["kid"] = member(&case.own)["kid"].clone();
    publish(&case.issuer, &case.server, &[imposter, member(&new)], &new).await;
    let error = bounded("the replacement", end).await;
    assert_eq!(error.kind().code(), "invalid_signature");
}

#[tokio::test]
async fn a_renamed_key_ends_the_stream() {
    let case = Case::start(|token| token).await;
    let end = case.server.until_invalid(&case.token);
    let new = fresh_key();
    let mut renamed = member(&case.own);
    renamed["kid"] = "renamed".into();
    publish(&case.issuer, &case.server, &[renamed, member(&new)], &new).await;
    let error = bounded("the new name", end).await;
    assert_eq!(error.kind().code(), "unknown_key");
}

/// A token without `kid` is valid while exactly one key of the issuer matches its algorithm.
#[tokio::test]
async fn a_token_without_kid_is_valid_while_one_key_fits() {
    let case = Case::start(|token| token.header("kid", Value::Null)).await;
    let mut end = Box::pin(case.server.until_invalid(&case.token));
    assert!((&mut end).now_or_never().is_none());
    let new = fresh_key();
    let members = [member(&new), member(&case.own)];
    publish(&case.issuer, &case.server, &members, &new).await;
    let error = bounded("the second key", end).await;
    assert_eq!(error.kind().code(), "unsuitable_key");
}

#[tokio::test]
async fn a_stream_continues_during_a_bounded_outage() {
    let issuer = ScriptedIssuer::start().await;
    let server = trusting(issuer.url()).build().unwrap();
    ready(&server).await;
    let years = SystemClock.now() + Duration::from_hours(99);
    let token = issuer.token().expires_at(years).sign();
    let token = server.authenticate(&token).await.unwrap();
    issuer.down(true);
    let waiting = tokio::spawn(server.until_invalid(&token));
    for (minutes, over) in [(9 * 60, false), (3 * 60, true)] {
        for _ in 0..minutes {
            tokio::time::pause();
            tokio::time::advance(Duration::from_mins(1)).await;
            tokio::time::resume();
            for _ in 0..3 {
                issuer.ping().await;
            }
        }
        assert_eq!(waiting.is_finished(), over, "{minutes}");
    }
    assert_eq!(waiting.await.unwrap().kind().code(), "keys_unavailable");
}
