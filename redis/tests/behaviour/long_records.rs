//! Records that are so long that they would take the memory and the time of all instances.

use std::time::Duration;

use axum_protected::ResourceServer;
use axum_protected::clock::{Clock, SystemClock};
use axum_protected::revocation::{FeedHealth, Revocation, RevocationFeed};
use axum_protected_redis::{RedisLog, RedisSettings};
use axum_protected_testing::AuthorizationServer;
use tokio::time::{Instant, sleep};

use super::server::RedisServer;
use super::{append, read, read_error, texts};

const KEY: &str = "axum-protected:revocations";

/// The end of the error for a page with such a record.
const EXPECTED: &str = "sent an answer of more than 32 MiB: delete the records of the stream \
                        `axum-protected:revocations` that are longer than 16 KiB";

/// Checks that a page with a record of 33 MiB is an error, while records can be appended, and that the
/// log can be read after the record was deleted. `command` sends a command to the server of the log.
pub(crate) async fn check(log: &RedisLog, command: impl Fn(&[&str]) -> redis::Value) {
    append(log, &["a"]).await;
    let position = add_long_record(&command);
    // The record is the last one of the stream, then one of the page.
    for record in ["b", "c"] {
        let error = read_error(log).await;
        assert!(error.ends_with(EXPECTED), "{error}");
        append(log, &[record]).await;
    }
    command(&["XDEL", KEY, &position]);
    assert_eq!(texts(&read(log, None).await), ["a", "b", "c"]);
}

/// Appends a record of 33 MiB, and returns its position.
fn add_long_record(command: impl Fn(&[&str]) -> redis::Value) -> String {
    let record = "x".repeat(33 * 1024 * 1024);
    redis::from_redis_value(command(&["XADD", KEY, "*", "r", &record])).unwrap()
}

#[tokio::test]
async fn a_page_with_an_overlong_record_is_an_error() {
    let server = RedisServer::start();
    let log = RedisSettings::new(server.url()).open().unwrap().revocation_log();
    check(&log, |words| server.command(words)).await;
}

fn health(server: &ResourceServer) -> FeedHealth {
    server.health().revocation_feed.unwrap()
}

async fn wait_for(server: &ResourceServer, condition: impl Fn(&FeedHealth) -> bool) {
    let start = Instant::now();
    while !condition(&health(server)) {
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", health(server));
        sleep(Duration::from_millis(20)).await;
    }
}

/// Either way of deleting the record is a loss of records, after which the instances append again what
/// they know.
#[tokio::test]
async fn the_health_names_an_overlong_record_until_it_is_deleted() {
    let redis = RedisServer::start();
    let issuer = AuthorizationServer::start().await.unwrap();
    let servers = [(); 2].map(|()| {
        let log = RedisSettings::new(redis.url()).open().unwrap().revocation_log();
        issuer.resource_server().revocation_feed(RevocationFeed::new(log)).build().unwrap()
    });
    let [one, other] = &servers;
    one.ready().await.unwrap();
    other.ready().await.unwrap();
    let revoke = async |name: &str| {
        let until = SystemClock.now() + Duration::from_secs(3600);
        one.revocations().revoke(Revocation::token(issuer.issuer(), name), until).await.unwrap();
    };
    revoke("a").await;
    for (deletion, entries) in [("XDEL", 2), ("DEL", 3)] {
        let position = add_long_record(|words| redis.command(words));
        for server in &servers {
            wait_for(server, |health| {
                let error = health.last_error.as_deref().unwrap_or_default();
                error.ends_with(EXPECTED) && !health.up_to_date
            })
            .await;
        }
        revoke(deletion).await;
        let words = [deletion, KEY, &position];
        redis.command::<()>(if deletion == "DEL" { &words[..2] } else { &words });
        for server in &servers {
            wait_for(server, |health| {
                health.last_error.is_none() && health.up_to_date && health.entries == entries
            })
            .await;
        }
    }
}
