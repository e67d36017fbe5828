//! Replicas: confirmed records, a primary that is cut off, and failover by hand.

use std::time::Duration;

use axum_protected::revocation::RevocationLog;
use axum_protected_redis::{RedisLog, RedisSettings};
use tokio::time::Instant;

use super::server::RedisServer;
use super::{append, append_error, log, read, read_error, texts};

const KEY: &str = "axum-protected:revocations";

/// Opens a log whose records one replica must confirm.
fn log_with_replica(server: &RedisServer) -> RedisLog {
    RedisSettings::new(server.url()).replicas(1).open().unwrap().revocation_log()
}

#[tokio::test]
async fn records_need_the_confirmations_of_the_replicas() {
    let primary = RedisServer::start();
    let confirmed = log_with_replica(&primary);
    assert_eq!(
        append_error(&confirmed, "a").await,
        format!(
            "the Redis server `127.0.0.1:{}` has the records, but 0 of 1 replicas confirmed them \
             within 1 s",
            primary.port
        )
    );
    assert_eq!(texts(&read(&log(&primary.url()), None).await), ["a"]);

    let replica = primary.start_replica(&[]);
    append(&confirmed, &["b"]).await;
    assert_eq!(replica.command::<u64>(&["XLEN", KEY]), 2);

    replica.signal("-STOP");
    let start = Instant::now();
    assert!(append_error(&confirmed, "c").await.contains("0 of 1 replicas"));
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    replica.signal("-CONT");
    append(&confirmed, &["d"]).await;
}

/// The primary may be cut off from its replicas, which made one of them the primary.
#[tokio::test]
async fn a_primary_without_its_replicas_is_not_read() {
    let primary = RedisServer::start();
    append(&log(&primary.url()), &["a"]).await;
    let careful = log_with_replica(&primary);
    assert_eq!(
        read_error(&careful).await,
        format!(
            "the Redis server `127.0.0.1:{}` has 0 of the 1 replicas that `replicas` demands: it may not be the primary any more",
            primary.port
        )
    );

    let replica = primary.start_replica(&[]);
    assert_eq!(texts(&read(&careful, None).await), ["a"]);

    replica.signal("-STOP");
    let start = Instant::now();
    while careful.read(None, 10, Duration::from_millis(50)).await.is_ok() {
        assert!(start.elapsed() < Duration::from_secs(4), "the silent replica still counts");
    }
    replica.signal("-CONT");
}

/// The messages of a replica come once a second. One that is a little late must not refuse the log.
#[tokio::test]
async fn a_primary_with_its_replicas_is_always_read() {
    let primary = RedisServer::start();
    let _replica = primary.start_replica(&[]);
    let careful = log_with_replica(&primary);
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(4) {
        careful.read(None, 10, Duration::from_millis(20)).await.unwrap();
    }
}

#[tokio::test]
async fn a_replica_is_refused() {
    let primary = RedisServer::start();
    let replica = primary.start_replica(&[]);
    append(&log(&primary.url()), &["a"]).await;
    let expected = format!(
        "the Redis server `127.0.0.1:{}` is a replica, which may lack records: use the URL of the \
         primary, or `sentinel`",
        replica.port
    );
    let log = log(&replica.url());
    assert_eq!(read_error(&log).await, expected);
    assert_eq!(append_error(&log, "b").await, expected);
}

/// A reader with an old position hears nothing from a new primary whose positions are lower. The
/// lineage and the last position tell it.
#[tokio::test]
async fn another_copy_of_the_log_has_another_lineage() {
    let server = RedisServer::start();
    server.command::<String>(&["XADD", KEY, "1999999999999-0", "r", "high"]);
    let log = log(&server.url());
    let before = read(&log, None).await;
    assert_eq!(read(&log, before.state.last).await.state, before.state);

    let other = RedisServer::start();
    other.command::<String>(&["XADD", KEY, "1-0", "r", "low"]);
    server.command::<()>(&["REPLICAOF", "127.0.0.1", &other.port.to_string()]);
    server.wait_for("master_link_status", "up");
    assert!(read_error(&log).await.contains("is a replica"));
    server.command::<()>(&["REPLICAOF", "NO", "ONE"]);

    let after = read(&log, before.state.last).await;
    assert_eq!(texts(&after), [""; 0]);
    assert!(after.state.last < before.state.last);
    assert_ne!(after.state.lineage, before.state.lineage);
    let of_other = read(&super::log(&other.url()), None).await;
    assert_ne!(after.state.lineage, of_other.state.lineage);
}

#[tokio::test]
async fn a_promoted_replica_has_another_lineage_with_the_same_records() {
    let primary = RedisServer::start();
    let replica = primary.start_replica(&[]);
    let log = log_with_replica(&primary);
    append(&log, &["a"]).await;
    let before = read(&log, None).await;
    replica.command::<()>(&["REPLICAOF", "NO", "ONE"]);
    let after = read(&super::log(&replica.url()), None).await;
    assert_eq!(after.records, before.records);
    assert_ne!(after.state.lineage, before.state.lineage);
    // The old primary lost its replica, so it is not read any more.
    assert!(read_error(&log).await.contains("0 of the 1 replicas"));
}

/// A primary that becomes a replica interrupts the calls that wait for records.
#[tokio::test]
async fn a_waiting_read_ends_when_the_primary_becomes_a_replica() {
    let other = RedisServer::start();
    let server = RedisServer::start();
    let log = log(&server.url());
    append(&log, &["a"]).await;
    let last = read(&log, None).await.state.last;
    let start = Instant::now();
    let (page, ()) = tokio::join!(log.read(last, 10, Duration::from_secs(30)), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        server.command::<()>(&["REPLICAOF", "127.0.0.1", &other.port.to_string()]);
    });
    page.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}
