//! Restarts of a server, with and without its data.

use std::time::Duration;

use axum_protected::revocation::{LogPage, RevocationLog};

use super::server::RedisServer;
use super::{append, append_error, log, read, read_error, texts};

/// Appends a record, restarts the server with `restart`, and returns the pages before and after.
async fn pages_around(
    server: &mut RedisServer,
    restart: impl FnOnce(&mut RedisServer),
) -> (LogPage, LogPage) {
    let log = log(&server.url());
    append(&log, &["a"]).await;
    let before = read(&log, None).await;
    restart(server);
    (before, read(&log, None).await)
}

#[tokio::test]
async fn a_restart_without_data_is_another_lineage() {
    let mut server = RedisServer::start();
    let (before, after) = pages_around(&mut server, |server| {
        server.shut_down();
        server.start_again();
    })
    .await;
    assert_ne!(after.state.lineage, before.state.lineage);
    assert_eq!((after.state.first, after.state.last), (None, None));
}

#[tokio::test]
async fn a_restart_with_a_snapshot_is_another_lineage() {
    let mut server = RedisServer::start();
    let (before, after) = pages_around(&mut server, |server| {
        server.command::<()>(&["SAVE"]);
        server.shut_down();
        server.start_again();
    })
    .await;
    assert_eq!(after.records, before.records);
    assert_ne!(after.state.lineage, before.state.lineage);
}

/// The server may come back without the records of the last second.
#[tokio::test]
async fn a_crash_with_a_file_of_appended_commands_is_another_lineage() {
    let mut server = RedisServer::start_with(&["--appendonly", "yes", "--appendfsync", "everysec"]);
    let (before, after) = pages_around(&mut server, |server| {
        server.kill();
        server.start_again();
    })
    .await;
    assert_ne!(after.state.lineage, before.state.lineage);
}

/// A replica that was started again keeps the replication identifier of its primary.
#[tokio::test]
async fn a_restarted_replica_that_is_promoted_is_another_lineage() {
    let primary = RedisServer::start();
    let mut replica = primary.start_replica(&[]);
    append(&log(&primary.url()), &["a"]).await;
    replica.command::<()>(&["REPLICAOF", "NO", "ONE"]);
    let before = read(&log(&replica.url()), None).await;
    replica.command::<()>(&["SAVE"]);
    replica.shut_down();
    replica.start_again();
    replica.command::<()>(&["REPLICAOF", "NO", "ONE"]);
    let after = read(&log(&replica.url()), None).await;
    assert_ne!(after.state.lineage, before.state.lineage);
}

#[tokio::test]
async fn the_lineage_stays_while_the_server_runs() {
    let server = RedisServer::start();
    let (one, other) = (log(&server.url()), log(&server.url()));
    let before = read(&one, None).await.state.lineage;
    append(&one, &["a"]).await;
    server.command::<()>(&["CLIENT", "KILL", "TYPE", "normal"]);
    assert_eq!(read(&one, None).await.state.lineage, before);
    assert_eq!(read(&other, None).await.state.lineage, before);
}

/// The connections of a log are idle for days if nothing is revoked.
#[tokio::test]
async fn closed_connections_are_replaced_without_an_error() {
    let mut server = RedisServer::start();
    let log = log(&server.url());
    append(&log, &["a"]).await;
    read(&log, None).await;
    server.command::<()>(&["CLIENT", "KILL", "TYPE", "normal"]);
    append(&log, &["b"]).await;
    assert_eq!(texts(&read(&log, None).await), ["a", "b"]);

    server.kill();
    let refused = format!("the Redis server `127.0.0.1:{}` cannot be reached: ", server.port);
    for error in [read_error(&log).await, append_error(&log, "c").await] {
        assert!(error.starts_with(&refused), "{error}");
    }
    log.trim(axum_protected::revocation::LogPosition::new(1, 0)).await.unwrap_err();
    server.start_again();
    append(&log, &["d"]).await;
    assert_eq!(texts(&read(&log, None).await), ["d"]);
}

/// A server that still loads its data does not know the log yet.
#[tokio::test]
async fn a_server_that_loads_its_data_is_not_read() {
    let mut server = RedisServer::start_with(&["--appendonly", "yes", "--key-load-delay", "200"]);
    let log = log(&server.url());
    for _ in 0..50 {
        append(&log, &["a"]).await;
    }
    server.kill();
    server.spawn_again();
    let page = loop {
        match log.read(None, 100, Duration::ZERO).await {
            Ok(page) => break page,
            Err(error) => {
                let error = error.to_string();
                assert!(
                    error.contains("LOADING") || error.contains("cannot be reached"),
                    "{error}"
                );
            }
        }
    };
    assert!(!page.records.is_empty());
}
