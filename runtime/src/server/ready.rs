//! Whether the server can verify tokens yet.

use std::error::Error;
use std::fmt;

use tokio::time::Instant;

use super::ResourceServer;
use crate::keys::PATIENCE;
use crate::problems::Problems;

impl ResourceServer {
    /// Warms the keys: waits for those that are not held, 5 s at most, for all issuers at once.
    ///
    /// For a readiness probe, or before the first request is let in. The server works without it.
    ///
    /// # Errors
    ///
    /// The issuers without keys. They are tried again in the background; this changes nothing.
    pub async fn ready(&self) -> Result<(), ReadyError> {
        let mut waiting = Problems::default();
        // The fetches run by themselves, side by side; only the waiting is one after the other.
        let deadline = Instant::now() + PATIENCE;
        for issuer in self.inner().issuers.values() {
            if let Err(unavailable) = issuer.keys.warm(deadline).await {
                let reason = unavailable.reason.map(|reason| reason.to_string());
                let reason = reason.unwrap_or_else(|| "no answer yet".to_owned());
                waiting.push(format!("`{}` ({reason})", issuer.identifier));
            }
        }
        waiting.into_result(ReadyError)
    }
}

/// Issuers whose keys are not to be had, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadyError(Problems);

impl fmt::Display for ReadyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "no keys of {}", self.0)
    }
}

impl Error for ReadyError {}
