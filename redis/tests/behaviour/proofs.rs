//! The store of used DPoP proofs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum_protected::__testing::proof_id;
use axum_protected::dpop::{ProofId, ProofUse, ReplayStore};
use axum_protected_redis::{RedisProofs, RedisSettings};
use futures_util::future::join_all;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::faults::answering;
use super::server::{RedisServer, free_port};

const MINUTE: Duration = Duration::from_secs(60);

fn proofs(url: &str) -> RedisProofs {
    RedisSettings::new(url).open().unwrap().proofs()
}

fn proof(jti: &str) -> ProofId {
    proof_id(&[7; 32], jti)
}

async fn add(proofs: &RedisProofs, jti: &str) -> ProofUse {
    proofs.add(proof(jti), MINUTE).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_parallel_uses_of_a_proof_exactly_one_is_the_first() {
    let server = RedisServer::start();
    let stores = [Arc::new(proofs(&server.url())), Arc::new(proofs(&server.url()))];
    for round in 0..10 {
        let mut tasks = JoinSet::new();
        for store in stores.iter().cycle().take(100) {
            let store = Arc::clone(store);
            tasks.spawn(async move { add(&store, &round.to_string()).await });
        }
        let uses = tasks.join_all().await;
        assert_eq!(uses.iter().filter(|proof_use| **proof_use == ProofUse::First).count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_proofs_share_one_connection() {
    let server = RedisServer::start();
    let store = Arc::new(proofs(&server.url()));
    let mut tasks = JoinSet::new();
    for number in 0..5000 {
        let store = Arc::clone(&store);
        tasks.spawn(async move { add(&store, &number.to_string()).await });
    }
    assert!(tasks.join_all().await.iter().all(|proof_use| *proof_use == ProofUse::First));
    assert_eq!(server.command::<u64>(&["DBSIZE"]), 5000);
    // One is that of this test.
    assert_eq!(server.info("connected_clients"), "2");
}

#[tokio::test]
async fn a_proof_is_kept_for_the_time() {
    let server = RedisServer::start();
    let store = proofs(&server.url());
    let time = Duration::from_millis(123_456);
    assert_eq!(store.add(proof("a"), time).await.unwrap(), ProofUse::First);
    let key = format!("axum-protected:proof:{}", proof("a"));
    let left = server.command::<u64>(&["PTTL", &key]);
    assert!((113_456..=123_456).contains(&left), "{left}");

    // A repetition neither extends nor shortens the time.
    assert_eq!(store.add(proof("a"), MINUTE).await.unwrap(), ProofUse::Repeated);
    assert!(server.command::<u64>(&["PTTL", &key]) > 100_000);

    for time in [Duration::ZERO, Duration::from_nanos(1), Duration::from_millis(1)] {
        store.add(proof("b"), time).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(add(&store, "b").await, ProofUse::First);
}

#[tokio::test]
async fn the_prefix_and_the_database_are_those_of_the_settings() {
    let server = RedisServer::start();
    let settings = RedisSettings::new(format!("{}/2", server.url())).proof_prefix("mine/");
    add(&settings.open().unwrap().proofs(), "a").await;
    assert_eq!(server.command::<u64>(&["DBSIZE"]), 0);
    let keyspace = server.info("db2");
    assert!(keyspace.starts_with("keys=1,expires=1,"), "{keyspace}");
    assert_eq!(add(&proofs(&server.url()), "a").await, ProofUse::First);
}

#[tokio::test]
async fn a_server_that_is_away_is_an_error_in_less_than_three_seconds() {
    let stopped = RedisServer::start();
    let with_connection = proofs(&stopped.url());
    add(&with_connection, "a").await;
    stopped.signal("-STOP");
    let stores = [
        proofs(&format!("redis://127.0.0.1:{}", free_port())),
        proofs(&answering(b"").await),
        proofs(&stopped.url()),
        with_connection,
        RedisSettings::new(answering(b"").await).response_timeout(MINUTE).open().unwrap().proofs(),
    ];
    let start = Instant::now();
    let uses = join_all(
        stores
            .iter()
            .flat_map(|store| (0..20).map(|number| store.add(proof(&number.to_string()), MINUTE))),
    );
    assert!(uses.await.iter().all(Result::is_err));
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    stopped.signal("-CONT");
    assert_eq!(add(&stores[3], "z").await, ProofUse::First);
}

#[tokio::test]
async fn closed_connections_are_replaced_without_an_error() {
    let mut server = RedisServer::start();
    let store = proofs(&server.url());
    add(&store, "a").await;
    server.command::<()>(&["CLIENT", "KILL", "TYPE", "normal"]);
    // The connection is noticed to be closed while no call uses it.
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(add(&store, "a").await, ProofUse::Repeated);
    server.kill();
    store.add(proof("b"), MINUTE).await.unwrap_err();
    server.start_again();
    assert_eq!(add(&store, "b").await, ProofUse::First);
}

#[tokio::test]
async fn a_replica_is_refused() {
    let primary = RedisServer::start();
    let replica = primary.start_replica(&[]);
    let error = proofs(&replica.url()).add(proof("a"), MINUTE).await.unwrap_err().to_string();
    assert!(error.contains("is a replica"), "{error}");

    // Also if it becomes one later.
    let store = proofs(&primary.url());
    add(&store, "a").await;
    primary.command::<()>(&["REPLICAOF", "127.0.0.1", &replica.port.to_string()]);
    store.add(proof("b"), MINUTE).await.unwrap_err();
}

/// The proof may have been added by the call whose answer was lost. It was neither the first use for
/// certain, nor may the client be accused of a repetition.
#[tokio::test]
async fn a_lost_answer_is_an_error() {
    let server = RedisServer::start();
    let loses = Arc::new(AtomicBool::new(false));
    let url = losing_proxy(server.port, Arc::clone(&loses)).await;
    let store = proofs(&url);
    assert_eq!(add(&store, "a").await, ProofUse::First);
    loses.store(true, Ordering::SeqCst);
    let error = store.add(proof("b"), MINUTE).await.unwrap_err().to_string();
    assert_eq!(error, "a connection to Redis was lost, and it may have added the proof");
    assert_eq!(add(&store, "b").await, ProofUse::Repeated);
}

/// Starts a proxy that loses one answer to a `SET` and closes its connection when `loses` is true.
async fn losing_proxy(port: u16, loses: Arc<AtomicBool>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let loses = Arc::clone(&loses);
            tokio::spawn(async move {
                let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                let (mut request, mut answer) = ([0; 4096], [0; 16384]);
                while let Ok(length @ 1..) = client.read(&mut request).await {
                    server.write_all(&request[..length]).await.unwrap();
                    let answered = server.read(&mut answer).await.unwrap();
                    let is_set = request[..length].windows(3).any(|word| word == b"SET");
                    if is_set && loses.swap(false, Ordering::SeqCst) {
                        return;
                    }
                    client.write_all(&answer[..answered]).await.unwrap();
                }
            });
        }
    });
    url
}
