//! Servers that do not answer, or answer something else.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum_protected::revocation::RevocationLog;
use axum_protected_redis::{RedisLog, RedisSettings};
use futures_util::future::join_all;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use super::server::{RedisServer, free_port};
use super::{append, append_error, log, read, read_error, texts};

fn impatient(url: &str) -> RedisLog {
    let settings = RedisSettings::new(url).response_timeout(Duration::from_millis(300));
    settings.open().unwrap().revocation_log()
}

/// Starts a server that answers the first request of each client with these octets, and keeps the
/// connection open. Returns its URL.
pub(crate) async fn answering(octets: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut clients = Vec::new();
        while let Ok((mut client, _)) = listener.accept().await {
            clients.push(tokio::spawn(async move {
                let _ = client.read(&mut [0; 4096]).await;
                let _ = client.write_all(octets).await;
                pending::<()>().await;
            }));
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

/// A machine that is replaced does not close its connections.
#[tokio::test]
async fn a_connection_that_became_silent_is_replaced() {
    let server = RedisServer::start();
    let silent = Arc::new(AtomicUsize::new(0));
    let log = impatient(&proxy(server.port, Arc::clone(&silent)).await);
    append(&log, &["a"]).await;
    read(&log, None).await;
    silent.store(2, Ordering::SeqCst);
    assert!(read_error(&log).await.ends_with("did not answer in time"));
    assert!(append_error(&log, "b").await.ends_with("did not answer in time"));
    append(&log, &["c"]).await;
    assert_eq!(texts(&read(&log, None).await), ["a", "c"]);
}

/// Starts a proxy whose first connections, of this number, are silent. Returns its URL.
async fn proxy(port: u16, silent: Arc<AtomicUsize>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for number in 0.. {
            let (mut client, _) = listener.accept().await.unwrap();
            let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let silent = Arc::clone(&silent);
            tokio::spawn(async move {
                let (mut request, mut answer) = ([0; 4096], [0; 16384]);
                while let Ok(length @ 1..) = client.read(&mut request).await {
                    if number < silent.load(Ordering::SeqCst) {
                        pending::<()>().await;
                    }
                    server.write_all(&request[..length]).await.unwrap();
                    let answered = server.read(&mut answer).await.unwrap();
                    client.write_all(&answer[..answered]).await.unwrap();
                }
            });
        }
    });
    url
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
async fn a_server_with_too_many_clients_is_an_error_that_names_the_limit() {
    let server = RedisServer::start();
    let () = server.command(&["CONFIG", "SET", "maxclients", "1"]);
    let _only = only_client(&server).await;
    let error = read_error(&log(&server.url())).await;
    assert!(error.contains("above `maxclients`"), "{error}");
}

/// Connects as the only client of a server that has room for one. The server may still have the
/// connection of a client that has gone.
async fn only_client(server: &RedisServer) -> TcpStream {
    loop {
        let mut client = TcpStream::connect(("127.0.0.1", server.port)).await.unwrap();
        let mut answer = [0; 7];
        let asked = client.write_all(b"PING\r\n").await;
        if asked.is_ok() && client.read_exact(&mut answer).await.is_ok() && &answer == b"+PONG\r\n"
        {
            return client;
        }
    }
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
