//! Tests of revocations that several servers share through a log.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod clock;
mod health;
mod log;
mod outage;
mod panics;
mod readiness;
mod records;
mod removal;
mod revoke;
mod runtimes;
mod sharing;
mod simulation;
mod streams;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum_protected::revocation::{
    FeedHealth, FeedOutage, Revocation, RevocationError, RevocationFeed, RevocationLog,
};
use axum_protected::{Issuer, ResourceServer, ResourceServerBuilder};
use axum_protected_testing::TokenBuilder;
use axum_protected_tests::{keys, token, trusting};
use tokio::time::sleep;

use self::clock::{BEGINNING, SkewedClock};

const ISSUER: &str = "https://id.example.com/realms/acme";
const SECOND: Duration = Duration::from_secs(1);
const HOUR: u64 = 3600;

/// Returns the time at which a test is `second` seconds old.
fn at(second: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(BEGINNING + second)
}

/// Returns the builder of a server with configured keys and a feed through this log.
fn builder(
    log: impl RevocationLog,
    settings: impl FnOnce(RevocationFeed) -> RevocationFeed,
) -> ResourceServerBuilder {
    trusting(Issuer::new(ISSUER).jwks(keys().jwks()))
        .clock(SkewedClock::start())
        .revocation_feed(settings(RevocationFeed::new(log)))
}

/// Returns a server that goes on in an outage.
fn lenient_server(log: impl RevocationLog) -> ResourceServer {
    builder(log, |feed| feed).build().unwrap()
}

/// Returns a server that refuses all tokens in an outage.
fn strict_server(log: impl RevocationLog) -> ResourceServer {
    builder(log, refuse).build().unwrap()
}

fn refuse(feed: RevocationFeed) -> RevocationFeed {
    feed.outage(FeedOutage::Refuse)
}

/// Returns a token that lives for a day.
fn good() -> TokenBuilder {
    token(ISSUER)
        .claim("jti", "j1")
        .claim("sid", "s1")
        .claim("client_id", "web")
        .claim("iat", BEGINNING - 100)
        .expires_at(at(24 * HOUR))
}

/// Returns the code of the refusal, or `ok`.
async fn code(server: &ResourceServer, token: TokenBuilder) -> &'static str {
    match server.authenticate(&token.sign()).await {
        Ok(_) => "ok",
        Err(error) => error.kind().code(),
    }
}

/// Revokes the token with this `jti` for an hour.
async fn revoke(server: &ResourceServer, jti: &str) -> Result<(), RevocationError> {
    server.revocations().revoke(Revocation::token(ISSUER, jti), at(HOUR)).await
}

fn feed_health(server: &ResourceServer) -> FeedHealth {
    server.health().revocation_feed.unwrap()
}

/// Lets time pass until a fault is certainly noticed, or repaired.
async fn settle() {
    sleep(10 * SECOND).await;
}
