//! Reloads the keys of all issuers on request of the operator.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

use super::ResourceServer;
use super::issuer_failures::IssuerFailures;
use crate::keys::Keys;

/// The maximum time that `reload_keys` waits for its fetches.
const PATIENCE: Duration = Duration::from_secs(10);

impl ResourceServer {
    /// Fetches the metadata and the keys of all issuers concurrently and waits for the results. Call
    /// this method when an issuer has withdrawn a key that must not stay in use until the next
    /// scheduled fetch.
    ///
    /// Call this method in the tokio runtime in which the server was built. The application may
    /// call this method at any rate: reloads cause at most one fetch per issuer in 10 s, in
    /// addition to the fetches that requests cause. A call within these 10 s returns the result of
    /// the last fetch. If a fetch is already running, the call waits for that fetch and then starts
    /// a new one, which returns the keys that the issuer publishes now. A call waits for at most 10
    /// s, and slower fetches continue in the background. Files of [`Issuer::jwks_file`] are read again.
    /// Keys in the configuration itself, such as those of [`Issuer::jwks`], do not change. The keys of
    /// the transmitters of security events count as those of an issuer.
    ///
    /// [`Issuer::jwks`]: super::Issuer::jwks
    /// [`Issuer::jwks_file`]: super::Issuer::jwks_file
    ///
    /// # Errors
    ///
    /// Returns the issuers whose fetch failed. The server continues to use the current keys of
    /// these issuers. If only the metadata of an issuer failed, the server has fetched the keys from
    /// the last known `jwks_uri`, but the issuer may have moved its keys.
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
        // The first `reload_once` may join a fetch that began before the issuer published its
        // change, so a second `reload_once` follows. If the first `reload_once` began a fetch
        // itself, the rate limit makes the second one return the result of that fetch.
        let _ = self.reload_once(deadline).await;
        self.reload_once(deadline).await.into_result(ReloadError)
    }

    /// Starts one fetch for each issuer, waits for all fetches, and returns the issuers whose fetch
    /// failed.
    async fn reload_once(&self, deadline: Instant) -> IssuerFailures {
        let fetches: Vec<_> =
            self.all_keys().map(|(issuer, keys)| (issuer, keys, keys.begin_reload())).collect();
        let mut failed = IssuerFailures::default();
        for (issuer, keys, fetch) in fetches {
            if let Err(failure) = keys.reloaded(fetch, deadline).await {
                failed.push(issuer, failure.summary, failure.error);
            }
        }
        failed
    }

    /// Returns the identifiers and the keys of all issuers, and of the transmitters of security
    /// events that have keys of their own.
    fn all_keys(&self) -> impl Iterator<Item = (&str, &Keys)> {
        let issuers = self.inner().issuers.values();
        let of_issuers = issuers.map(|issuer| (issuer.identifier.as_str(), &issuer.keys));
        #[cfg(feature = "security_events")]
        let of_transmitters =
            self.inner().security_events.transmitters.values().filter_map(|transmitter| {
                let own = transmitter.keys.own()?;
                Some((own.transmitter.as_str(), &own.keys))
            });
        #[cfg(not(feature = "security_events"))]
        let of_transmitters = std::iter::empty();
        of_issuers.chain(of_transmitters)
    }
}

/// The error of [`ResourceServer::reload_keys`]: the issuers whose keys could not be fetched, each
/// with the reason. `source` returns the error of the first issuer, whose sources lead to the
/// innermost cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReloadError(IssuerFailures);

impl fmt::Display for ReloadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "no new keys from {}", self.0)
    }
}

impl Error for ReloadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.first_error()
    }
}
