//! Reloading of all keys on request of the operator.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

use super::ResourceServer;
use crate::problems::Problems;

/// The maximum time that a reload waits for its fetches.
const PATIENCE: Duration = Duration::from_secs(10);

impl ResourceServer {
    /// Fetches the keys of all issuers concurrently and waits for the results. Use it when a key was
    /// withdrawn and must not stay in use until the next scheduled refresh.
    ///
    /// Call it in the tokio runtime where keys are fetched, at any rate: each issuer is fetched at most
    /// once in 10 s by reloads, independently of fetches that requests cause. In between, the result of
    /// the last fetch is returned. A fetch that is already running is awaited and followed by a new one,
    /// which sees what is published now. The call waits for at most 10 s; slower fetches continue
    /// without it. Configured sets do not change.
    ///
    /// # Errors
    ///
    /// Returns the issuers whose fetch failed; their current keys stay in use.
    ///
    /// ```
    /// use axum::extract::State;
    /// use axum_protected::{ResourceServer, protected};
    ///
    /// #[protected(scope = "operations")]
    /// async fn reload(State(server): State<ResourceServer>) -> Result<(), String> {
    ///     server.reload_keys().await.map_err(|error| error.to_string())
    /// }
    /// ```
    pub async fn reload_keys(&self) -> Result<(), ReloadError> {
        let deadline = Instant::now() + PATIENCE;
        // The first call may join a fetch that began before the change was published, so a second
        // one follows. If the first call began a fetch itself, the rate limit makes the second one
        // return that fetch's result.
        let _ = self.reload_once(deadline).await;
        let mut failed = self.reload_once(deadline).await;
        failed.sort_unstable();
        Problems::from(failed).into_result(ReloadError)
    }

    /// Starts all fetches, then waits for each; returns the issuers whose fetch failed.
    async fn reload_once(&self, deadline: Instant) -> Vec<String> {
        let fetches: Vec<_> = self
            .inner()
            .issuers
            .values()
            .map(|issuer| (issuer, issuer.keys.begin_reload()))
            .collect();
        let mut failed = Vec::new();
        for (issuer, fetch) in fetches {
            if let Err(reason) = issuer.keys.reloaded(fetch, deadline).await {
                failed.push(format!("`{}` ({reason})", issuer.identifier));
            }
        }
        failed
    }
}

/// The issuers whose keys could not be fetched, each with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReloadError(Problems);

impl fmt::Display for ReloadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "no new keys from {}", self.0)
    }
}

impl Error for ReloadError {}
