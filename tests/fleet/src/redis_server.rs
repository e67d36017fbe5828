//! The program `redis-server`, or the one that `REDIS_SERVER` names, in a folder of its own.

use std::ffi::OsString;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use redis::{Connection, ConnectionLike, FromRedisValue};
use tokio::time::{Instant, sleep};

use crate::processes::{Process, free_address};

/// A Redis server with an append-only file, which it writes to the disk once a second, as by default.
#[derive(Debug)]
pub(crate) struct RedisServer {
    folder: PathBuf,
    address: SocketAddr,
    primary: Option<SocketAddr>,
    process: Option<Process>,
}

impl RedisServer {
    /// Starts a server on a free port. With a `primary` it is a replica of that server.
    pub(crate) async fn start(folder: PathBuf, primary: Option<SocketAddr>) -> Self {
        fs::create_dir_all(&folder).expect("a folder for Redis");
        let mut server = Self { folder, address: free_address(), primary, process: None };
        server.resume().await;
        server
    }

    /// Starts the stopped server with the data that its folder has.
    pub(crate) async fn resume(&mut self) {
        let mut command = Command::new(program());
        let port = self.address.port().to_string();
        command.args(["--bind", "127.0.0.1", "--port", &port, "--save", ""]);
        command.args(["--appendonly", "yes", "--dir"]).arg(&self.folder);
        // A replica gets its first copy without the pause for others.
        command.args(["--repl-diskless-sync-delay", "0"]);
        if let Some(primary) = self.primary {
            command.args(["--replicaof", "127.0.0.1", &primary.port().to_string()]);
        }
        let process = Process::start(&mut command, &self.folder.join("redis.log"));
        self.process =
            Some(process.expect(
                "`redis-server` cannot be started; on Debian: apt-get install redis-server",
            ));
        wait_until("`redis-server` answers", || self.try_connect().is_some()).await;
        if self.primary.is_some() {
            wait_until("the replica has its copy", || self.has_copy()).await;
        }
    }

    /// Starts the stopped server as an empty replica.
    pub(crate) async fn into_replica_of(mut self, primary: SocketAddr) -> Self {
        self.primary = Some(primary);
        self.resume().await;
        self
    }

    /// Stops the server in the regular way: it writes its data first.
    pub(crate) async fn stop(&mut self) {
        self.process.take().expect("the server runs").end("TERM").await;
    }

    /// Kills the server. It loses what it has not written.
    pub(crate) async fn kill(&mut self) {
        self.process.take().expect("the server runs").end("KILL").await;
    }

    /// Removes the data of the stopped server.
    pub(crate) fn remove_data(&self) {
        let data = self.folder.join("appendonlydir");
        fs::remove_dir_all(data).expect("an append-only file");
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Runs a command.
    pub(crate) fn run<T: FromRedisValue>(&self, words: &[&str]) -> T {
        let mut connection = self.try_connect().expect("Redis answers");
        let mut command = redis::cmd(words.first().expect("a command"));
        for word in words.iter().skip(1) {
            command.arg(word);
        }
        command.query(&mut connection).unwrap_or_else(|error| panic!("{words:?}: {error}"))
    }

    /// Returns the keys of all streams.
    pub(crate) fn streams(&self) -> Vec<String> {
        let keys: Vec<String> = self.run(&["KEYS", "*"]);
        let is_stream = |key: &String| self.run::<String>(&["TYPE", key]) == "stream";
        keys.into_iter().filter(is_stream).collect()
    }

    fn has_copy(&self) -> bool {
        self.run::<String>(&["INFO", "replication"]).contains("master_link_status:up")
    }

    /// Returns a connection to a server that has loaded its data.
    fn try_connect(&self) -> Option<Connection> {
        let client = redis::Client::open(format!("redis://{}", self.address)).expect("an address");
        let mut connection = client.get_connection_with_timeout(Duration::from_millis(500)).ok()?;
        connection.check_connection().then_some(connection)
    }
}

/// Waits at most 10 s for a condition.
async fn wait_until(condition: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !holds() {
        assert!(Instant::now() < deadline, "not within 10 s: {condition}");
        sleep(Duration::from_millis(20)).await;
    }
}

/// Returns true if the program of the server can be started.
pub(crate) fn is_installed() -> bool {
    Command::new(program()).arg("--version").output().is_ok()
}

fn program() -> OsString {
    std::env::var_os("REDIS_SERVER").unwrap_or_else(|| "redis-server".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    fn add(server: &RedisServer, text: &str) -> String {
        server.run(&["XADD", "s", "*", "r", text])
    }

    #[tokio::test]
    async fn a_restart_keeps_the_data_and_loses_it_where_it_is_removed() {
        let scratch = Scratch::new("restart");
        let mut server = RedisServer::start(scratch.path().join("redis"), None).await;
        add(&server, "a");
        assert_eq!(server.streams(), ["s"]);
        server.stop().await;
        server.resume().await;
        assert_eq!(server.run::<u64>(&["XLEN", "s"]), 1);
        server.kill().await;
        server.remove_data();
        server.resume().await;
        assert_eq!(server.run::<u64>(&["XLEN", "s"]), 0);
    }

    #[tokio::test]
    async fn a_replica_takes_over_with_lower_identifiers() {
        let scratch = Scratch::new("replica");
        let primary = RedisServer::start(scratch.path().join("primary"), None).await;
        add(&primary, "a");
        let replica =
            RedisServer::start(scratch.path().join("replica"), Some(primary.address())).await;
        assert_eq!(replica.run::<u64>(&["XLEN", "s"]), 1);
        let () = replica.run(&["REPLICAOF", "NO", "ONE"]);
        let () = primary.run(&["XSETID", "s", "9999999999999-0"]);
        assert!(add(&replica, "b") < add(&primary, "c"));
    }
}
