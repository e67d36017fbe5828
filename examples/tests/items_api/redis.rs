//! A Redis server for a test.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::{self, sleep};
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

    /// Sends commands, one a line, and waits for their end.
    pub(super) fn run(&self, commands: &str) {
        let mut server = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let mut writer = server.try_clone().unwrap();
        let commands = format!("{commands}QUIT\r\n");
        let writing = thread::spawn(move || writer.write_all(commands.as_bytes()).unwrap());
        let mut answers = String::new();
        server.read_to_string(&mut answers).unwrap();
        writing.join().unwrap();
        assert!(!answers.contains("-ERR"), "{answers}");
    }

    /// Starts a relay to the server that delays each request. Returns its URL.
    pub(super) fn delayed(&self, delay: Duration) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (url, port) = (format!("redis://{}", listener.local_addr().unwrap()), self.port);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let server = TcpStream::connect(("127.0.0.1", port)).unwrap();
                let answers = (server.try_clone().unwrap(), client.try_clone().unwrap());
                thread::spawn(move || copy(answers.0, answers.1, Duration::ZERO));
                thread::spawn(move || copy(client, server, delay));
            }
        });
        url
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

/// Copies what comes from one end to the other one, until one of them is closed.
fn copy(mut from: TcpStream, mut to: TcpStream, delay: Duration) {
    let mut octets = [0; 16384];
    while let Ok(length @ 1..) = from.read(&mut octets) {
        sleep(delay);
        if to.write_all(&octets[..length]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
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
