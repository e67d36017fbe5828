//! Tests an issuer with a path whose first location of the metadata fails at the start, while
//! another location answers. Somebody who can put files at the root of the host may have planted
//! this answer.

use std::time::Duration;

use axum_protected_testing::{SigningKeys, TokenBuilder};
use axum_protected_tests::issuer::JWKS;
use axum_protected_tests::{AUDIENCE, Reply, ScriptedIssuer, fresh_key, ready, token};
use serde_json::json;

use super::discovery::keys_only;
use super::discovery_order::{FIRST, PATH, SECOND, THIRD, plant, server_of};
use super::{code, pass, pass_until, pass_until_requests, wait_for_code};

const OTHER_KEYS: &str = "/other-keys";

/// Starts an issuer whose first location sends this reply and whose second location is planted, and
/// the server of the planted keys.
async fn attack(first: Reply) -> (ScriptedIssuer, ScriptedIssuer, SigningKeys) {
    let (issuer, attacker) = (keys_only().await, ScriptedIssuer::silent().await);
    let planted = fresh_key();
    attacker.set(JWKS, Reply::keys(&planted));
    issuer.set(FIRST, first);
    plant(&issuer, SECOND, &issuer.at(PATH), &attacker);
    (issuer, attacker, planted)
}

#[tokio::test]
async fn a_planted_document_counts_only_until_the_first_location_answers() {
    let replies = [
        Reply::text(503, ""),
        Reply::text(429, ""),
        Reply::text(302, "").header("Location", "/maintenance"),
        Reply::cut(),
    ];
    for reply in replies {
        let (issuer, attacker, planted) = attack(reply).await;
        let identifier = issuer.at(PATH);
        let forged = TokenBuilder::new(&planted, &identifier, AUDIENCE);
        let server = server_of(&identifier);
        assert_eq!(code(&server, forged.clone()).await, "ok");
        issuer.publish_metadata(FIRST, &identifier);
        server.reload_keys().await.unwrap();
        assert_eq!(code(&server, forged.clone()).await, "unknown_key");
        assert_eq!(code(&server, token(&identifier)).await, "ok");

        // The planted document stays out while the first location fails again.
        issuer.set(FIRST, Reply::text(503, ""));
        let before = (issuer.count(SECOND), attacker.count(JWKS));
        pass(&issuer, Duration::from_secs(10)).await;
        server.reload_keys().await.unwrap_err();
        assert_eq!(code(&server, forged).await, "unknown_key");
        assert_eq!((issuer.count(SECOND), attacker.count(JWKS)), before);
        assert_eq!(issuer.count(THIRD), 0);
    }
}

/// A planted key set that changes with each fetch does not keep the server from asking for the
/// metadata.
#[tokio::test]
async fn a_request_with_an_unknown_key_ends_the_use_of_a_planted_document() {
    let (issuer, attacker, planted) = attack(Reply::text(503, "")).await;
    let identifier = issuer.at(PATH);
    let server = server_of(&identifier);
    ready(&server).await;
    issuer.publish_metadata(FIRST, &identifier);
    let changed = fresh_key();
    attacker.set(JWKS, Reply::keys(&changed));
    assert_eq!(code(&server, token(&identifier)).await, "ok");
    for forging in [planted, changed] {
        let forged = TokenBuilder::new(&forging, &identifier, AUDIENCE);
        assert_eq!(code(&server, forged).await, "unknown_key");
    }
}

/// A planted key set cannot keep the server from asking for the metadata for a long time.
#[tokio::test]
async fn a_planted_key_set_does_not_determine_the_time_of_the_next_round() {
    let (issuer, attacker, planted) = attack(Reply::text(503, "")).await;
    attacker.set(JWKS, Reply::keys(&planted).header("Cache-Control", "max-age=86400"));
    let server = server_of(&issuer.at(PATH));
    ready(&server).await;
    let health = server.health();
    assert!(health.issuers[0].next_refresh.unwrap() <= Duration::from_mins(4), "{health:?}");
}

/// The server uses the second location as long as the first one hangs, also after a refresh. It
/// uses the first one as soon as that answers.
#[tokio::test]
async fn a_first_location_that_hangs_takes_over_when_it_answers() {
    let issuer = keys_only().await;
    let identifier = issuer.at(PATH);
    issuer.set(FIRST, Reply::never());
    issuer.publish_metadata(SECOND, &identifier);
    let server = server_of(&identifier);
    let tenth = Duration::from_millis(100);
    for fetch in 1..=2 {
        pass_until_requests(&issuer, FIRST, fetch).await;
        pass_until(&issuer, tenth, || issuer.count(JWKS) == fetch).await;
        wait_for_code(&server, &token(&identifier), "ok").await;
        assert_eq!(issuer.count(SECOND), fetch);
    }
    let other = fresh_key();
    issuer.set(OTHER_KEYS, Reply::keys(&other));
    let document = json!({ "issuer": identifier, "jwks_uri": issuer.at(OTHER_KEYS) });
    issuer.set(FIRST, Reply::json(&document));
    pass_until_requests(&issuer, OTHER_KEYS, 1).await;
    let new = TokenBuilder::new(&other, &identifier, AUDIENCE);
    wait_for_code(&server, &new, "ok").await;
    assert_eq!(code(&server, token(&identifier)).await, "unknown_key");
    assert_eq!((issuer.count(SECOND), issuer.count(THIRD)), (2, 0));
}

/// A location that does not exist, or that has other content, is not asked again once a later one
/// has answered.
#[tokio::test]
async fn a_definitive_failure_excludes_a_location() {
    let of_another =
        json!({ "issuer": "https://other.example.com", "jwks_uri": "https://other.example.com/k" });
    for reply in [Reply::text(404, ""), Reply::text(200, "<html>"), Reply::json(&of_another)] {
        let issuer = keys_only().await;
        let canary = ScriptedIssuer::start().await;
        let identifier = issuer.at(PATH);
        issuer.set(FIRST, reply);
        issuer.publish_metadata(SECOND, &identifier);
        let server = server_of(&identifier);
        ready(&server).await;
        plant(&issuer, FIRST, &identifier, &canary);
        plant(&issuer, THIRD, &identifier, &canary);
        server.reload_keys().await.unwrap();
        issuer.take(SECOND);
        pass(&issuer, Duration::from_secs(10)).await;
        server.reload_keys().await.unwrap_err();
        assert_eq!(code(&server, token(&identifier)).await, "ok");
        assert_eq!(issuer.paths()[..5], [FIRST, SECOND, JWKS, SECOND, JWKS]);
        assert_eq!((issuer.count(FIRST), issuer.count(THIRD)), (1, 0));
        assert_eq!(canary.connections(), 0);
    }
}

/// While the first location may still take over, a location after the one that answered is not
/// asked, even if both fail.
#[tokio::test]
async fn a_location_after_the_one_that_answered_is_never_asked() {
    let (issuer, canary) = (keys_only().await, ScriptedIssuer::start().await);
    let identifier = issuer.at(PATH);
    issuer.set(FIRST, Reply::text(503, ""));
    issuer.publish_metadata(SECOND, &identifier);
    let server = server_of(&identifier);
    ready(&server).await;
    plant(&issuer, THIRD, &identifier, &canary);
    for reply in [Reply::text(503, ""), Reply::text(404, "")] {
        issuer.set(SECOND, reply);
        pass(&issuer, Duration::from_secs(10)).await;
        let asked = issuer.count(FIRST);
        server.reload_keys().await.unwrap_err();
        assert!(issuer.count(FIRST) > asked, "the first location was left");
        assert_eq!(code(&server, token(&identifier)).await, "ok");
    }
    assert_eq!(issuer.count(THIRD), 0);
    assert_eq!(canary.connections(), 0);
}
