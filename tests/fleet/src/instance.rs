//! One process of `items-api`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use serde_json::Value;
use tokio::sync::RwLock;
use tokio::time::{Instant, sleep};

use crate::answer::{Answer, Outcome};
use crate::clock::ShiftedClock;
use crate::processes::Process;

/// The longest time from the start of a process until it is ready.
const START: Duration = Duration::from_secs(20);

/// An instance at an address. Requests wait while the test changes the state of the process, so that
/// no request is on its way when the process is stopped, paused or started.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) name: &'static str,
    address: SocketAddr,
    launch: Option<Launch>,
    state: RwLock<State>,
    is_paused: AtomicBool,
}

/// All that the start of a process needs.
#[derive(Debug)]
pub(crate) struct Launch {
    pub(crate) program: PathBuf,
    pub(crate) configuration: PathBuf,
    pub(crate) log: PathBuf,
    pub(crate) clock: Option<ShiftedClock>,
}

#[derive(Debug)]
struct State {
    process: Option<Process>,
    client: Client,
    /// False while a load balancer would not send requests here.
    is_serving: bool,
}

impl State {
    fn new(process: Option<Process>, is_serving: bool) -> Self {
        // Proxies of the environment are not for loopback, and there is no TLS on it.
        let client =
            Client::builder().no_proxy().tls_certs_only([]).build().expect("an HTTP client");
        Self { process, client, is_serving }
    }
}

impl Instance {
    /// Creates an instance whose process is not started.
    pub(crate) fn new(name: &'static str, address: SocketAddr, launch: Launch) -> Self {
        Self::with(name, address, Some(launch))
    }

    /// Creates an instance that is not a process of this test.
    #[cfg(test)]
    pub(crate) fn of_address(name: &'static str, address: SocketAddr) -> Self {
        Self::with(name, address, None)
    }

    fn with(name: &'static str, address: SocketAddr, launch: Option<Launch>) -> Self {
        let is_serving = launch.is_none();
        let state = RwLock::new(State::new(None, is_serving));
        Self { name, address, launch, state, is_paused: AtomicBool::new(false) }
    }

    /// Starts the process.
    pub(crate) async fn start(&self) {
        let launch = self.launch.as_ref().expect("this instance is a process");
        let mut command = Command::new(&launch.program);
        command
            .env("ITEMS_API_ADDR", self.address.to_string())
            .env("ITEMS_API_CONFIG", &launch.configuration)
            .env("RUST_LOG", "info");
        if let Some(clock) = &launch.clock {
            command.envs(clock.variables());
        }
        let process = Process::start(&mut command, &launch.log);
        let process =
            process.unwrap_or_else(|error| panic!("{}: {error}", launch.program.display()));
        *self.state.write().await = State::new(Some(process), false);
    }

    /// Waits until the process says that it is ready, and lets requests through.
    pub(crate) async fn serve_when_ready(&self) {
        let deadline = Instant::now() + START;
        loop {
            match self.ready().await {
                Ok(health) if health.is_ready => break,
                other => {
                    let has_ended =
                        self.state.write().await.process.as_mut().is_none_or(Process::has_ended);
                    assert!(
                        Instant::now() < deadline && !has_ended,
                        "instance {} is not ready: {other:?}",
                        self.name
                    );
                }
            }
            sleep(Duration::from_millis(20)).await;
        }
        self.state.write().await.is_serving = true;
    }

    /// Waits until the process answers, and lets requests through although it may not be ready.
    pub(crate) async fn serve_before_ready(&self) {
        let deadline = Instant::now() + START;
        while self.ready().await.is_err() {
            assert!(Instant::now() < deadline, "instance {} does not answer", self.name);
            sleep(Duration::from_millis(20)).await;
        }
        self.state.write().await.is_serving = true;
    }

    /// Ends the process after the requests that are on their way.
    pub(crate) async fn stop(&self) {
        let mut state = self.state.write().await;
        state.is_serving = false;
        let process = state.process.take().expect("the process runs");
        // Idle connections would delay the end.
        state.client = State::new(None, false).client;
        process.end("TERM").await;
    }

    /// Stops the process with `SIGSTOP`. Later requests wait for `resume`.
    pub(crate) async fn pause(&self) {
        let state = self.state.write().await;
        self.is_paused.store(true, Ordering::Relaxed);
        let process = state.process.as_ref().expect("the process runs");
        process.signal("STOP");
        while !process.is_stopped() {
            sleep(Duration::from_millis(1)).await;
        }
    }

    /// Continues the process.
    pub(crate) async fn resume(&self) {
        // Requests that wait for the process hold the lock for reading.
        let state = self.state.read().await;
        state.process.as_ref().expect("the process runs").signal("CONT");
        self.is_paused.store(false, Ordering::Relaxed);
    }

    /// Returns true if a revocation can be made here.
    pub(crate) async fn answers(&self) -> bool {
        let state = self.state.read().await;
        state.is_serving && !self.is_paused.load(Ordering::Relaxed)
    }

    /// Changes the clock of the process.
    pub(crate) fn shift_clock(&self, seconds: i64) {
        let clock = self.launch.as_ref().and_then(|launch| launch.clock.as_ref());
        clock.expect("this instance has a clock of its own").shift(seconds);
    }

    /// Sends a request that needs the scope `items:read`. Returns `None` while requests do not reach
    /// this instance.
    pub(crate) async fn present(&self, token: &str) -> Option<Answer> {
        let url = format!("http://{}/api/items", self.address);
        self.send(|client| client.get(url).bearer_auth(token)).await
    }

    /// Makes a revocation.
    pub(crate) async fn revoke(&self, token: &str, body: &Value) -> Option<Answer> {
        let url = format!("http://{}/api/revocations", self.address);
        self.send(|client| client.post(url).bearer_auth(token).json(body)).await
    }

    async fn send(&self, request: impl FnOnce(&Client) -> RequestBuilder) -> Option<Answer> {
        let state = self.state.read().await;
        if !state.is_serving {
            return None;
        }
        let sent = Instant::now();
        let outcome = match request(&state.client).send().await {
            Ok(response) => {
                let status = response.status().as_u16();
                Outcome::of(status, &response.text().await.unwrap_or_default())
            }
            Err(error) => Outcome::Failed(format!("{error:?}")),
        };
        Some(Answer { sent, received: Instant::now(), outcome })
    }

    /// Asks for the state of the instance.
    pub(crate) async fn ready(&self) -> reqwest::Result<Health> {
        let client = self.state.read().await.client.clone();
        let url = format!("http://{}/ready", self.address);
        let response = client.get(url).timeout(Duration::from_secs(5)).send().await?;
        let is_ready = response.status().is_success();
        let report = response.json().await.unwrap_or(Value::Null);
        Ok(Health { is_ready, report })
    }
}

/// The answer of `GET /ready`.
#[derive(Debug, Clone)]
pub(crate) struct Health {
    pub(crate) is_ready: bool,
    report: Value,
}

impl Health {
    /// Returns true if the instance knows the whole log, and the log knows all entries of the instance.
    pub(crate) fn is_settled(&self) -> bool {
        let feed = &self.report["revocation_feed"];
        self.is_ready && feed["up_to_date"] == true && feed["unshared"] == 0
    }

    /// Returns the part of the report about the feed.
    pub(crate) fn feed(&self) -> &Value {
        &self.report["revocation_feed"]
    }
}
