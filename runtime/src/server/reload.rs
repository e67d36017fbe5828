//! New keys because the operator says so.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

use super::ResourceServer;
use crate::problems::Problems;

/// The longest that a reload waits for its fetches.
const PATIENCE: Duration = Duration::from_secs(10);

impl ResourceServer {
    /// Fetches the keys of all issuers, side by side, and returns when they are there: for an
    /// operator who knows that a key was withdrawn and does not wait for the refresh.
    ///
    /// It may be called as often as one likes, in the tokio runtime where keys are fetched. A fetch
    /// under way is joined, and followed by one that sees what is published now. There is one in
    /// 10 s for each issuer, whatever requests cause; in between the answer is that of the last. It
    /// waits for 10 s at most, and a fetch that takes longer goes on without it. Configured sets stay
    /// as they are.
    ///
    /// # Errors
    ///
    /// The issuers whose fetch failed; what is held of theirs serves on.
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
        // What was under way may have missed the news, so there is another one after it. After one
        // of its own there is none so soon: then this only asks how that one ended.
        let _ = self.reload_once(deadline).await;
        let mut failed = self.reload_once(deadline).await;
        failed.sort_unstable();
        Problems::from(failed).into_result(ReloadError)
    }

    /// Begins all of them before it waits for any; those that failed.
    async fn reload_once(&self, deadline: Instant) -> Vec<String> {
        let issuers = self.inner().issuers.values();
        let waiting: Vec<_> = issuers.map(|one| (one, one.keys.begin_reload())).collect();
        let mut failed = Vec::new();
        for (issuer, fetch) in waiting {
            if let Err(reason) = issuer.keys.reloaded(fetch, deadline).await {
                failed.push(format!("`{}` ({reason})", issuer.identifier));
            }
        }
        failed
    }
}

/// Issuers whose keys could not be fetched, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReloadError(Problems);

impl fmt::Display for ReloadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "no new keys of {}", self.0)
    }
}

impl Error for ReloadError {}
