//! Revocations per second through one stream, and the time until another instance has them.

use std::time::{Duration, Instant};

use axum_protected::ResourceServer;
use axum_protected_testing::AuthorizationServer;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::redis_server::RedisServer;
use super::world::{follower, numbered, until};
use super::{number, row};

const TOGETHER: usize = 50_000;
/// Number of revocations that wait for the log at the same time.
const WAITING: usize = 10_000;
const ALONE: usize = 2_000;

pub(crate) async fn measure() {
    let redis = RedisServer::start().await;
    let issuer = AuthorizationServer::start().await.unwrap();
    let servers = [follower(&issuer, &redis.open()), follower(&issuer, &redis.open())];
    for server in &servers {
        server.ready().await.unwrap();
    }
    let [one, other] = &servers;
    let begin = Instant::now();
    for index in 0..ALONE {
        one.revocations().revoke(numbered(&issuer, index), until()).await.unwrap();
    }
    let alone = ALONE as f64 / begin.elapsed().as_secs_f64();
    number("`revoke(..).await` one after another, per second", alone);
    let (before, begin) = (redis.number("used_memory").await, Instant::now());
    for start in (ALONE..ALONE + TOGETHER).step_by(WAITING) {
        let mut tasks = JoinSet::new();
        for index in start..start + WAITING {
            tasks.spawn(one.revocations().revoke(numbered(&issuer, index), until()));
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap().unwrap();
        }
    }
    let appended = begin.elapsed();
    let together = TOGETHER as f64 / appended.as_secs_f64();
    number("10,000 together: revocations acknowledged per second", together);
    while entries(other) < ALONE + TOGETHER {
        sleep(Duration::from_millis(1)).await;
    }
    let lag = begin.elapsed().saturating_sub(appended);
    row("after the last of them: until another instance has all, ms", lag.as_millis());
    let bytes = (redis.number("used_memory").await - before) / TOGETHER as f64;
    number("Redis: bytes per entry of the stream", bytes);
}

pub(crate) fn entries(server: &ResourceServer) -> usize {
    server.health().revocation_feed.map_or(0, |feed| feed.entries)
}
