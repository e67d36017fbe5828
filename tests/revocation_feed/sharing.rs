//! Tests that a revocation at one server holds at the others.

use std::time::Duration;

use axum_protected::api_key::{ApiKey, ApiKeys, KeyDigest};
use axum_protected::revocation::Revocation;
use axum_protected::{Issuer, ResourceServer};
use axum_protected_testing::TokenBuilder;
use axum_protected_tests::keys;
use tokio::time::{Instant, sleep};

use super::clock::SkewedClock;
use super::log::SharedLog;
use super::{
    BEGINNING, HOUR, ISSUER, SECOND, at, builder, code, good, lenient_server, revoke, settle,
};

const OTHER: &str = "https://id.example.com/realms/other";

type Case = (fn() -> Revocation, fn(TokenBuilder) -> TokenBuilder, &'static str);

#[tokio::test(start_paused = true)]
async fn each_kind_of_revocation_is_the_same_at_every_server() {
    let by_jti: fn() -> Revocation = || Revocation::token(ISSUER, "j1");
    let by_sid: fn() -> Revocation = || Revocation::session(ISSUER, "s1");
    let fraction = || at(0) - Duration::new(50, 1);
    let by_sub: fn() -> Revocation = || Revocation::subject(ISSUER, "alice", at(0) - 50 * SECOND);
    let by_client: fn() -> Revocation = || Revocation::client(ISSUER, "web", at(0) - 50 * SECOND);
    let by_issuer: fn() -> Revocation = || Revocation::issuer(ISSUER, at(0) - 50 * SECOND);
    let same: fn(TokenBuilder) -> TokenBuilder = |token| token;
    let last: fn(TokenBuilder) -> TokenBuilder = |token| token.claim("iat", BEGINNING - 50);
    let later: fn(TokenBuilder) -> TokenBuilder = |token| token.claim("iat", BEGINNING - 49);
    let cases: Vec<Case> = vec![
        (by_jti, same, "revoked_token"),
        (by_jti, |token| token.claim("jti", "J1"), "ok"),
        (by_jti, |token| token.claim("iss", OTHER), "ok"),
        (by_sid, same, "revoked_token"),
        (by_sid, |token| token.claim("sid", "s2"), "ok"),
        (by_sub, same, "revoked_token"),
        (by_sub, last, "revoked_token"),
        (by_sub, later, "ok"),
        (by_sub, |token| token.subject("bob"), "ok"),
        (by_client, last, "revoked_token"),
        (by_client, later, "ok"),
        (by_client, |token| token.claim("client_id", "cli"), "ok"),
        (by_issuer, last, "revoked_token"),
        (by_issuer, later, "ok"),
        (by_issuer, |token| token.claim("iss", OTHER), "ok"),
    ];
    for (revocation, change, expected) in cases {
        let log = SharedLog::new(1);
        let servers: Vec<_> = (0..3)
            .map(|_| {
                let other = Issuer::new(OTHER).jwks(keys().jwks());
                builder(log.connect(), |feed| feed).issuer(other).build().unwrap()
            })
            .collect();
        assert_eq!(code(&servers[1], change(good())).await, "ok");
        servers[0].revocations().revoke(revocation(), at(HOUR)).await.unwrap();
        sleep(SECOND).await;
        for server in &servers {
            assert_eq!(code(server, change(good())).await, expected, "{:?}", revocation());
        }
    }
    // The time has nanoseconds in the log too.
    let log = SharedLog::new(1);
    let (one, other) = (lenient_server(log.connect()), lenient_server(log.connect()));
    let revocation = Revocation::subject(ISSUER, "alice", fraction());
    one.revocations().revoke(revocation, at(HOUR)).await.unwrap();
    sleep(SECOND).await;
    assert_eq!(code(&other, good().claim("iat", BEGINNING - 50)).await, "ok");
    assert_eq!(code(&other, good().claim("iat", BEGINNING - 51)).await, "revoked_token");
}

#[tokio::test(start_paused = true)]
async fn a_revocation_arrives_within_a_second() {
    let log = SharedLog::new(1);
    let (one, other) = (lenient_server(log.connect()), lenient_server(log.connect()));
    other.ready().await.unwrap();
    for number in 0..20 {
        sleep(Duration::from_millis(number * 37)).await;
        let jti = format!("j-{number}");
        assert_eq!(code(&other, good().claim("jti", &*jti)).await, "ok");
        let began = Instant::now();
        revoke(&one, &jti).await.unwrap();
        while code(&other, good().claim("jti", &*jti)).await == "ok" {
            sleep(Duration::from_millis(1)).await;
        }
        assert!(began.elapsed() < SECOND, "{:?}", began.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_starts_later_knows_all_revocations() {
    let log = SharedLog::new(1);
    let one = lenient_server(log.connect());
    for number in 0..5000 {
        let revoked =
            one.revocations().revoke(Revocation::token(ISSUER, format!("j-{number}")), at(HOUR));
        drop(revoked);
    }
    revoke(&one, "j1").await.unwrap();
    drop(one);
    let later = lenient_server(log.connect());
    later.ready().await.unwrap();
    for jti in ["j1", "j-0", "j-2499", "j-4999"] {
        assert_eq!(code(&later, good().claim("jti", jti)).await, "revoked_token", "{jti}");
    }
    assert_eq!(code(&later, good().claim("jti", "j-5000")).await, "ok");
}

#[tokio::test(start_paused = true)]
async fn a_revocation_ends_at_every_server() {
    let log = SharedLog::new(1);
    let clock = SkewedClock::start();
    let build = || builder(log.connect(), |feed| feed).clock(clock.clone()).build().unwrap();
    let (one, other) = (build(), build());
    one.revocations().revoke(Revocation::token(ISSUER, "j1"), at(60)).await.unwrap();
    sleep(SECOND).await;
    assert_eq!(code(&other, good()).await, "revoked_token");
    // A server that starts after the end skips the record.
    sleep(100 * SECOND).await;
    let later = build();
    later.ready().await.unwrap();
    assert_eq!(later.health().revocation_feed.unwrap().entries, 0);
}

fn with_key(log: &SharedLog, key: &str) -> ResourceServer {
    let keys = ApiKeys::new().key(ApiKey::new(KeyDigest::of(key)).subject("ci"));
    builder(log.connect(), |feed| feed).api_keys(keys).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn api_keys_are_revoked_at_every_server() {
    let key = ApiKeys::generate("items").unwrap();
    let log = SharedLog::new(1);
    let (one, other) = (with_key(&log, key.key()), with_key(&log, key.key()));
    let code = async |server: &ResourceServer| {
        let headers = [("x-api-key", key.key())].map(|(name, value)| {
            let name = axum::http::HeaderName::from_static(name);
            (name, axum::http::HeaderValue::from_str(value).unwrap())
        });
        let headers = axum::http::HeaderMap::from_iter(headers);
        server.authenticate(&headers).await.map_or_else(|error| error.kind().code(), |_| "ok")
    };
    assert_eq!(code(&other).await, "ok");
    let revocation = Revocation::subject("api-keys", "ci", at(0));
    one.revocations().revoke(revocation, at(HOUR)).await.unwrap();
    sleep(SECOND).await;
    assert_eq!(code(&other).await, "revoked_token");
}

/// An issuer that only some servers trust, as during a change of the configuration.
#[tokio::test(start_paused = true)]
async fn a_revocation_of_an_issuer_that_a_server_does_not_trust_is_skipped() {
    let log = SharedLog::new(1);
    let other = Issuer::new(OTHER).jwks(keys().jwks());
    let both = builder(log.connect(), |feed| feed).issuer(other).build().unwrap();
    let one = lenient_server(log.connect());
    both.revocations().revoke(Revocation::token(OTHER, "j1"), at(HOUR)).await.unwrap();
    revoke(&both, "j2").await.unwrap();
    sleep(SECOND).await;
    assert_eq!(code(&one, good().claim("jti", "j2")).await, "revoked_token");
    let health = one.health().revocation_feed.unwrap();
    assert!(health.up_to_date, "{health:?}");
    assert_eq!((health.entries, health.unreadable, health.overflow), (1, 0, false));
}

#[tokio::test(start_paused = true)]
async fn the_servers_of_several_resources_share_one_feed() {
    let log = SharedLog::new(1);
    let linked = log.connect();
    let link = linked.link();
    let one = builder(linked, |feed| feed).audience("https://api.example.com/mcp").build().unwrap();
    let mcp = one.for_resource("https://api.example.com/mcp").unwrap();
    let other = lenient_server(log.connect());
    let token = || good().claim("aud", "https://api.example.com/mcp");
    assert_eq!(code(&mcp, token()).await, "ok");
    revoke(&other, "j1").await.unwrap();
    sleep(SECOND).await;
    assert_eq!(code(&mcp, token()).await, "revoked_token");
    assert!(log.calls(link) <= 1, "two servers read the log");
    revoke(&mcp, "j2").await.unwrap();
    sleep(SECOND).await;
    assert_eq!(code(&other, good().claim("jti", "j2")).await, "revoked_token");
    drop(one);
    revoke(&other, "j3").await.unwrap();
    sleep(SECOND).await;
    assert_eq!(code(&mcp, token().claim("jti", "j3")).await, "revoked_token");
}

#[tokio::test(start_paused = true)]
async fn the_explanation_knows_revocations_of_other_servers() {
    let log = SharedLog::new(1);
    let (one, other) = (lenient_server(log.connect()), lenient_server(log.connect()));
    other.ready().await.unwrap();
    assert!(other.explain(&good().sign()).is_accepted);
    revoke(&one, "j1").await.unwrap();
    sleep(SECOND).await;
    let explanation = other.explain(&good().sign());
    assert_eq!(explanation.error().unwrap().kind().code(), "revoked_token");
}

#[tokio::test(start_paused = true)]
async fn a_revocation_that_seemed_to_have_ended_during_a_loss_is_appended_again() {
    let log = SharedLog::new(1);
    let (linked, clock) = (log.connect(), SkewedClock::start());
    let link = linked.link();
    let server = builder(linked, |feed| feed).clock(clock.clone()).build().unwrap();
    settle().await;
    let revocation = Revocation::token(ISSUER, "j1");
    server.revocations().revoke(revocation, at(60)).await.unwrap();
    clock.set_ahead(240_000);
    log.take_over(log.empty(), &[link], false);
    settle().await;
    assert!(log.records(log.newest()).is_empty());
    clock.set_ahead(0);
    settle().await;
    assert_eq!(log.records(log.newest()).len(), 1);
}
