//! A `redis-server` process of a benchmark.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum_protected_redis::{Redis, RedisSettings};
use tokio::time::sleep;

/// A server without persistence, in a directory of its own. Ends when it is dropped.
pub(crate) struct RedisServer {
    process: Child,
    directory: PathBuf,
    port: u16,
}

impl RedisServer {
    pub(crate) async fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let directory = std::env::temp_dir().join(format!("axum-protected-scale-{port}"));
        std::fs::create_dir_all(&directory).unwrap();
        let process = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--save", "", "--appendonly", "no"])
            .args(["--maxclients", "4096"])
            .arg("--dir")
            .arg(&directory)
            .stdout(Stdio::null())
            .spawn()
            .expect("cannot start `redis-server`: install the package redis-server");
        let server = Self { process, directory, port };
        while server.connection().await.is_none() {
            sleep(Duration::from_millis(20)).await;
        }
        server
    }

    pub(crate) fn open(&self) -> Redis {
        RedisSettings::new(self.url()).open().unwrap()
    }

    /// Returns a field of `INFO` as a number.
    pub(crate) async fn number(&self, field: &str) -> f64 {
        let mut connection = self.connection().await.unwrap();
        let text: String =
            redis::cmd("INFO").arg("all").query_async(&mut connection).await.unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
        line.unwrap().parse().unwrap()
    }

    /// Returns the processor time that the server has used, in seconds.
    pub(crate) async fn processor_seconds(&self) -> f64 {
        self.number("used_cpu_user").await + self.number("used_cpu_sys").await
    }

    pub(crate) async fn connection(&self) -> Option<redis::aio::MultiplexedConnection> {
        let client = redis::Client::open(self.url()).ok()?;
        client.get_multiplexed_async_connection().await.ok()
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}
