//! A Redis server for a test.

use std::fs;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::Duration;

use redis::{Client, Connection, FromRedisValue};
use tokio::time::Instant;

/// Environment variable with the program of the servers. Without it, `redis-server` is started.
const PROGRAM: &str = "REDIS_SERVER";

/// Longest time from the start of a process to its first answer.
const LONGEST_START: Duration = Duration::from_secs(20);

/// Server on a free port of 127.0.0.1, with a folder of its own. Its process ends and its folder is
/// deleted when it is dropped.
pub(crate) struct RedisServer {
    pub(crate) port: u16,
    folder: PathBuf,
    options: Vec<String>,
    process: Child,
}

impl RedisServer {
    /// Starts a server that stores nothing on disk.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts a server with more options of its command line. Paths are relative to the folder of the
    /// server.
    pub(crate) fn start_with(options: &[&str]) -> Self {
        Self::start_in(&folder(), &[&["--save", ""], options].concat())
    }

    /// Starts a server in a folder that may contain files.
    pub(crate) fn start_in(folder: &Path, options: &[&str]) -> Self {
        let options: Vec<_> = options.iter().map(|option| (*option).to_owned()).collect();
        // Another process may take the port first.
        for _ in 0..5 {
            let port = free_port();
            let mut process = spawn(folder, port, &options);
            if answers(&mut process, port) {
                return Self { port, folder: folder.to_owned(), options, process };
            }
        }
        panic!("redis-server does not start: {}", log_of(folder));
    }

    /// Starts a replica of this server.
    pub(crate) fn start_replica(&self, options: &[&str]) -> Self {
        let port = self.port.to_string();
        let replica = Self::start_with(&[&["--replicaof", "127.0.0.1", &port], options].concat());
        let online = format!("port={},state=online", replica.port);
        wait_until("the replica is online", || {
            let info: String = self.command(&["INFO", "replication"]);
            info.contains(&online).then_some(())
        });
        replica
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Sends a command, and returns the answer.
    pub(crate) fn command<T: FromRedisValue>(&self, words: &[&str]) -> T {
        let mut connection = connection(self.port).unwrap();
        redis::cmd(words[0]).arg(&words[1..]).query(&mut connection).unwrap()
    }

    /// Sends a command to a server with a password, and returns the answer.
    pub(crate) fn command_with_password<T: FromRedisValue>(
        &self,
        password: &str,
        words: &[&str],
    ) -> T {
        self.try_command_with_password(password, words).unwrap()
    }

    /// Like [`command_with_password`](Self::command_with_password), for a command that may fail.
    pub(crate) fn try_command_with_password<T: FromRedisValue>(
        &self,
        password: &str,
        words: &[&str],
    ) -> redis::RedisResult<T> {
        let mut connection = connection(self.port)?;
        redis::cmd("AUTH").arg(password).exec(&mut connection)?;
        redis::cmd(words[0]).arg(&words[1..]).query(&mut connection)
    }

    /// Returns a field of `INFO`.
    pub(crate) fn info(&self, name: &str) -> String {
        let info: String = self.command(&["INFO"]);
        let value = info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        value.unwrap_or_else(|| panic!("no {name} in {info}")).to_owned()
    }

    /// Waits until a field of `INFO` has this value.
    pub(crate) fn wait_for(&self, name: &str, value: &str) {
        wait_until(name, || (self.info(name) == value).then_some(()));
    }

    /// Stops or continues the process: `-STOP` or `-CONT`.
    pub(crate) fn signal(&self, signal: &str) {
        let process = self.process.id().to_string();
        assert!(Command::new("kill").args([signal, &process]).status().unwrap().success());
    }

    /// Kills the process, like a failure of the machine.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Ends the process as an operator does.
    pub(crate) fn shut_down(&mut self) {
        let mut connection = connection(self.port).unwrap();
        let _: Result<(), _> = redis::cmd("SHUTDOWN").query(&mut connection);
        self.process.wait().unwrap();
    }

    /// Starts the process again with the same port, folder and options, and does not wait for it.
    pub(crate) fn spawn_again(&mut self) {
        self.process = spawn(&self.folder, self.port, &self.options);
    }

    /// Starts the process again, and waits until it answers.
    pub(crate) fn start_again(&mut self) {
        self.spawn_again();
        assert!(answers(&mut self.process, self.port), "{}", log_of(&self.folder));
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Waits until the server answers. Returns false if the process has ended.
fn answers(process: &mut Child, port: u16) -> bool {
    wait_until("redis-server answers", || {
        if process.try_wait().unwrap().is_some() {
            return Some(false);
        }
        let answer = connection(port)
            .and_then(|mut connection| redis::cmd("PING").query::<String>(&mut connection));
        match answer {
            Ok(_) => Some(true),
            // A server with access control answers too.
            Err(error) => matches!(error.code(), Some("NOAUTH" | "NOPERM")).then_some(true),
        }
    })
}

fn connection(port: u16) -> redis::RedisResult<Connection> {
    let url = format!("redis://127.0.0.1:{port}");
    Client::open(url)?.get_connection_with_timeout(Duration::from_secs(5))
}

/// Waits until `condition` returns a value.
pub(crate) fn wait_until<T>(what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(value) = condition() {
            return value;
        }
        assert!(start.elapsed() < LONGEST_START, "in vain: {what}");
        sleep(Duration::from_millis(10));
    }
}

/// Creates a folder for a server.
pub(crate) fn folder() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("axum-protected-redis-{}-{number}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Returns a port on which nothing listens.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn spawn(folder: &Path, port: u16, options: &[String]) -> Child {
    let log = fs::File::create(folder.join("log")).unwrap();
    let program = std::env::var_os(PROGRAM).unwrap_or_else(|| "redis-server".into());
    let mut command = Command::new(program);
    // A file with the configuration must be the first argument.
    command.args(options).args(["--bind", "127.0.0.1", "--port"]).arg(port.to_string());
    if !options.iter().any(|option| option == "--sentinel") {
        // A replica would wait for 5 s for others.
        command.args(["--repl-diskless-sync-delay", "0"]);
    }
    command.current_dir(folder).stdin(Stdio::null());
    command.stdout(log.try_clone().unwrap()).stderr(log);
    match command.spawn() {
        Ok(process) => process,
        Err(error) if error.kind() == ErrorKind::NotFound => panic!(
            "`redis-server` is not installed: install the package `redis-server` (Debian, Ubuntu) \
             or `redis`, version 6.2 or later, or name the program of Valkey with `{PROGRAM}`"
        ),
        Err(error) => panic!("redis-server: {error}"),
    }
}

fn log_of(folder: &Path) -> String {
    fs::read_to_string(folder.join("log")).unwrap_or_default()
}
