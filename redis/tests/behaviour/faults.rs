//! Servers that do not answer, or answer something else.

use std::time::Duration;

use axum_protected::revocation::RevocationLog;
use axum_protected_redis::{RedisLog, RedisSettings};
use futures_util::future::join_all;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::time::Instant;

use super::server::{RedisServer, free_port};
use super::{append, append_error, read, read_error, texts};

fn impatient(url: &str) -> RedisLog {
    let settings = RedisSettings::new(url).response_timeout(Duration::from_millis(300));
    settings.open().unwrap().revocation_log()
}

/// Starts a server that sends these octets to each client, and keeps the connection open. Returns its
/// URL.
pub(crate) async fn answering(octets: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut clients = Vec::new();
        while let Ok((mut client, _)) = listener.accept().await {
            let _ = client.write_all(octets).await;
            clients.push(client);
        }
    });
    url
}

#[tokio::test]
async fn a_server_that_never_answers_is_an_error_in_bounded_time() {
    let log = impatient(&answering(b"").await);
    let start = Instant::now();
    let error = log.read(None, 10, Duration::from_millis(250)).await.unwrap_err().to_string();
    assert!(error.ends_with("did not answer in time"), "{error}");
    assert!(append_error(&log, "a").await.ends_with("did not answer in time"));
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_server_that_stops_is_an_error_in_bounded_time() {
    let server = RedisServer::start();
    let log = impatient(&server.url());
    append(&log, &["a"]).await;
    let last = read(&log, None).await.state.last;
    server.signal("-STOP");
    let start = Instant::now();
    let error = log.read(last, 10, Duration::from_millis(250)).await.unwrap_err().to_string();
    assert!(error.ends_with("did not answer in time"), "{error}");
    assert!(append_error(&log, "b").await.ends_with("did not answer in time"));
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    server.signal("-CONT");
    assert_eq!(texts(&read(&log, None).await)[0], "a");
}

#[tokio::test]
async fn nothing_of_a_strange_answer_is_in_the_error() {
    let answers = [
        b"HTTP/1.1 400 Bad Request\r\nserver: s3cret\r\n\r\n".as_slice(),
        b"s3cret\r\n",
        b"\x16\x03\x01\x00s3cret\xff\xff",
        b":s3cret\r\n",
        b"*2147483647\r\n$6\r\ns3cret\r\n",
        b"*9223372036854775807\r\n$6\r\ns3cret\r\n",
        b"$9223372036854775807\r\ns3cret",
        b"%9223372036854775807\r\n$6\r\ns3cret\r\n",
        b"%-1\r\n$6\r\ns3cret\r\n",
        b"=-1\r\ns3cret\r\n",
        b"$6\r\ns3cret\r\n$6\r\ns3cret\r\n$6\r\ns3cret\r\n",
        b"+s3cret\r\n+s3cret\r\n+s3cret\r\n",
        b":1\r\n:2\r\n:3\r\n",
        b"$-1\r\n$-1\r\n$-1\r\n",
        b"*0\r\n*0\r\n*0\r\n",
    ];
    let start = Instant::now();
    join_all(answers.map(async |octets| {
        let log = impatient(&answering(octets).await);
        for error in [read_error(&log).await, append_error(&log, "a").await] {
            let shown = String::from_utf8_lossy(octets);
            assert!(!error.contains("s3cret"), "{shown}: {error}");
            assert!(error.starts_with("the Redis server `127.0.0.1:"), "{shown}: {error}");
        }
    }))
    .await;
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    let log = impatient(&answering(b"HTTP/1.1 400 Bad Request\r\n\r\n").await);
    let error = read_error(&log).await;
    assert!(error.contains("does not speak the protocol of Redis"), "{error}");
}

#[tokio::test]
async fn a_nested_answer_does_not_exhaust_the_stack() {
    let octets = b"*1\r\n".repeat(1_000_000).leak();
    read_error(&impatient(&answering(octets).await)).await;
}

#[tokio::test]
async fn an_absent_server_is_an_error_that_names_it() {
    let port = free_port();
    let error = read_error(&impatient(&format!("redis://127.0.0.1:{port}"))).await;
    let expected = format!("the Redis server `127.0.0.1:{port}` cannot be reached: ");
    assert!(error.starts_with(&expected), "{error}");
    let error = read_error(&impatient("redis://redis.invalid")).await;
    assert!(error.starts_with("the Redis server `redis.invalid:6379` "), "{error}");
}

/// The server repeats the arguments of a command that it does not know.
#[tokio::test]
async fn the_error_of_an_old_server_has_no_record() {
    let server = RedisServer::start_with(&["--rename-command", "XADD", ""]);
    let error = append_error(&impatient(&server.url()), "s3cret").await;
    assert!(error.contains("unknown command 'XADD'"), "{error}");
    assert!(!error.contains("s3cret"), "{error}");
}

#[test]
fn a_call_without_a_runtime_is_an_error() {
    let log = impatient("redis://127.0.0.1:1");
    let reading = log.read(None, 1, Duration::ZERO);
    let error = futures_util::FutureExt::now_or_never(reading).unwrap().unwrap_err();
    assert_eq!(error.to_string(), "Redis needs a tokio runtime");
}
