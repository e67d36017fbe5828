//! Child processes, signals and free ports.

use std::fs::File;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// A child process that is killed when it is dropped.
#[derive(Debug)]
pub(crate) struct Process(Child);

impl Process {
    /// Starts a program that appends its output to a file.
    pub(crate) fn start(command: &mut Command, log: &Path) -> io::Result<Self> {
        let log = File::options().create(true).append(true).open(log)?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn().map(Self)
    }

    /// Sends a signal, for example `STOP`.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.0.id().to_string();
        let sent = Command::new("kill").args([&format!("-{name}"), &id]).status();
        assert!(sent.is_ok_and(|status| status.success()), "`kill -{name}` failed");
    }

    /// Sends a signal that ends the process, and waits for the end.
    pub(crate) async fn end(mut self, signal: &str) {
        self.signal(signal);
        let deadline = Instant::now() + Duration::from_secs(10);
        while self.0.try_wait().expect("a child process has a state").is_none() {
            assert!(Instant::now() < deadline, "the process does not end on {signal}");
            sleep(Duration::from_millis(5)).await;
        }
    }

    /// Returns true if all threads of the process are stopped by a signal.
    pub(crate) fn is_stopped(&self) -> bool {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.0.id()));
        tasks.expect("the process runs").all(|task| {
            let path = task.expect("a task").path().join("stat");
            // The state follows the name, which is in parentheses.
            let stat = std::fs::read_to_string(path).unwrap_or_default();
            stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('T'))
        })
    }

    /// Returns true if the process has ended.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.0.try_wait().is_ok_and(|status| status.is_some())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Returns a loopback address whose port was free at the time of the call.
pub(crate) fn free_address() -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("a bound listener has an address")
}
