use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tower_sessions_redis_store::RedisStore;
use tower_sessions_redis_store::fred::prelude::*;

use crate::adapter;
use crate::store::SessionStore as _;
use crate::store::behaviour::{self, key, now, record};

/// The program `redis-server`, which ends with the test.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start() -> Self {
        // The port is free, because the listener closes before the server starts.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--save", "", "--bind", "127.0.0.1"])
            .stdout(Stdio::null())
            .spawn()
            .expect("`redis-server` is installed; on Debian: apt-get install redis-server");
        let server = Self { process, address: format!("redis://127.0.0.1:{port}") };
        let deadline = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "`redis-server` does not answer");
            std::thread::sleep(Duration::from_millis(10));
        }
        server
    }

    async fn connect(&self) -> Pool {
        let config = Config::from_url(&self.address).unwrap();
        let retries = ReconnectPolicy::new_constant(100, 50);
        let pool = Pool::new(config, None, None, Some(retries), 4).unwrap();
        pool.connect();
        pool.wait_for_connect().await.unwrap();
        pool
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn it_behaves_as_every_store() {
    let server = Server::start();
    behaviour::check(adapter(RedisStore::new(server.connect().await))).await;
}

#[tokio::test]
async fn a_server_that_goes_away_is_an_error_within_seconds() {
    let server = Server::start();
    let store = adapter(RedisStore::new(server.connect().await));
    let (key, start) = (key(), now());
    store.insert(key, Arc::new(record("ann", None, start)), start).await.unwrap();
    assert!(store.load(key, start).await.unwrap().is_some());
    drop(server);
    let began = Instant::now();
    assert!(store.load(key, start).await.is_err());
    assert!(began.elapsed() < Duration::from_secs(5));
}
