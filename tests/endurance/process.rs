//! The API as a child process.

use std::process::{Child, Command};
use std::time::Duration;

use axum_protected_tests::AUDIENCE;

const ADDRESS: &str = "127.0.0.1:3977";

/// The URL of the called endpoint.
pub(crate) const ITEMS: &str = "http://127.0.0.1:3977/api/items";

/// The child process. The process ends when `Api` is dropped.
pub(crate) struct Api(Child);

impl Api {
    pub(crate) async fn start(program: &str, issuer: &str) -> Self {
        let mut command = Command::new(program);
        command
            .env("OAUTH_ISSUER", issuer)
            .env("OAUTH_AUDIENCE", AUDIENCE)
            .env("ITEMS_API_ADDR", ADDRESS);
        let api = Self(command.spawn().expect("the program does not start"));
        let health = format!("http://{ADDRESS}/health");
        for _ in 0..100 {
            if reqwest::get(&health).await.is_ok() {
                return api;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the program does not answer");
    }

    /// Returns the resident memory of the process in KiB.
    pub(crate) fn resident(&self) -> Option<u32> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line?.trim().strip_suffix(" kB")?.parse().ok()
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
