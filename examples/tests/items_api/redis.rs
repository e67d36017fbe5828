//! A Redis server for a test.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use tokio::time::Instant;

/// A server on a free port that stores nothing on disk. Its process ends when it is dropped.
pub(super) struct RedisServer {
    port: u16,
    options: Vec<String>,
    process: Child,
}

impl RedisServer {
    /// Starts a server with these options of its command line besides.
    pub(super) fn start(options: &[&str]) -> Self {
        let options: Vec<_> = options.iter().map(|&option| option.to_owned()).collect();
        // Another process may take the port first.
        for _ in 0..5 {
            let port = free_port();
            let mut process = spawn(port, &options);
            if answers(&mut process, port) {
                return Self { port, options, process };
            }
        }
        panic!("`redis-server` does not start");
    }

    pub(super) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub(super) fn stop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Starts the server on the same port again, without data.
    pub(super) fn start_again(&mut self) {
        self.process = spawn(self.port, &self.options);
        assert!(answers(&mut self.process, self.port));
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns a port on which nothing listens.
pub(super) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn spawn(port: u16, options: &[String]) -> Child {
    let program = std::env::var_os("REDIS_SERVER").unwrap_or_else(|| "redis-server".into());
    let mut command = Command::new(program);
    command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
    command.args(options).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap_or_else(|error| match error.kind() {
        ErrorKind::NotFound => panic!(
            "`redis-server` is not installed: install the package `redis-server` (Debian, Ubuntu) \
             or `redis`, version 6.2 or later"
        ),
        _ => panic!("redis-server: {error}"),
    })
}

/// Waits until the server answers. Returns false if its process has ended.
fn answers(process: &mut Child, port: u16) -> bool {
    let start = Instant::now();
    while process.try_wait().unwrap().is_none() {
        if ping(port).is_some() {
            return true;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "`redis-server` does not answer");
        sleep(Duration::from_millis(10));
    }
    false
}

/// Returns the first byte of an answer, which is an error if the server has a password.
fn ping(port: u16) -> Option<u8> {
    let mut connection = TcpStream::connect(("127.0.0.1", port)).ok()?;
    connection.write_all(b"PING\r\n").ok()?;
    let mut answer = [0];
    connection.read_exact(&mut answer).ok()?;
    Some(answer[0])
}
