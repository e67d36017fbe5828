//! Waits until the server holds keys of all issuers.

use std::error::Error;
use std::fmt;

use tokio::time::Instant;

use super::ResourceServer;
use crate::keys::PATIENCE;
use crate::problems::Problems;

impl ResourceServer {
    /// Waits until the server holds keys of all issuers, for at most 5 s in total.
    ///
    /// Call this method in a readiness probe, or before the server accepts the first request. The
    /// call is optional.
    ///
    /// # Errors
    ///
    /// Returns the issuers whose keys the server does not hold yet. The server continues to fetch
    /// the missing keys in the background.
    pub async fn ready(&self) -> Result<(), ReadyError> {
        let mut missing = Problems::default();
        // The background tasks of the issuers fetch concurrently. This loop only waits for one
        // issuer after another.
        let deadline = Instant::now() + PATIENCE;
        for issuer in self.inner().issuers.values() {
            if let Err(unavailable) = issuer.keys.warm(deadline).await {
                let reason = unavailable
                    .reason
                    .map_or_else(|| "no answer yet".to_owned(), |reason| reason.to_string());
                missing.push(format!("`{}` ({reason})", issuer.identifier));
            }
        }
        missing.into_result(ReadyError)
    }
}

/// The error of [`ResourceServer::ready`]: the issuers whose keys could not be loaded, each with
/// the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadyError(Problems);

impl fmt::Display for ReadyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "no keys from {}", self.0)
    }
}

impl Error for ReadyError {}
