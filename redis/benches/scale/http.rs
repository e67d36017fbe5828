//! The throughput of a protected handler over HTTP.

use std::net::SocketAddr;
use std::time::Instant;

use axum::Router;
use axum::routing::get;
use axum_protected::{ResourceServer, protected};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

const CONNECTIONS: usize = 8;
const REQUESTS: usize = 2_000;

#[protected]
async fn handler() -> &'static str {
    "ok"
}

/// Serves a protected handler, and returns its address.
pub(crate) async fn serve(server: &ResourceServer) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/", get(handler)).with_state(server.clone());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

/// Returns the number of requests per second with this token, on several connections.
pub(crate) async fn rate(address: SocketAddr, token: &str) -> f64 {
    let request = format!("GET / HTTP/1.1\r\nhost: api\r\nauthorization: Bearer {token}\r\n\r\n");
    let begin = Instant::now();
    let mut clients = JoinSet::new();
    for _ in 0..CONNECTIONS {
        clients.spawn(call(address, request.clone()));
    }
    clients.join_all().await;
    (CONNECTIONS * REQUESTS) as f64 / begin.elapsed().as_secs_f64()
}

/// Sends requests on one connection, one after the other.
async fn call(address: SocketAddr, request: String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut response = Vec::with_capacity(1024);
    for _ in 0..REQUESTS {
        stream.write_all(request.as_bytes()).await.unwrap();
        response.clear();
        while !response.ends_with(b"\r\n\r\nok") {
            assert_ne!(stream.read_buf(&mut response).await.unwrap(), 0, "{response:?}");
        }
        assert!(response.starts_with(b"HTTP/1.1 200 "), "{response:?}");
    }
}
