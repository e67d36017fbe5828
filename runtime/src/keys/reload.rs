//! Fetches keys on an operator's request.

use std::sync::Arc;

use tokio::time::{Instant, timeout_at};

use super::Keys;
use super::error::FetchError;
use super::fetch_schedule::{Demand, FetchNumber};

/// Fetch that a reload waits for, or the reason why the reload does not wait.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reload {
    /// Nothing to fetch: the key set comes from the configuration.
    Nothing,
    Fetch(FetchNumber),
    /// No new fetch is allowed, because an earlier reload was too recent.
    Recent,
    /// No fetch task can be started, because the caller is not on a tokio runtime.
    Impossible,
}

/// Reason why a reload failed.
#[derive(Debug)]
pub(crate) struct ReloadFailure {
    pub(crate) summary: &'static str,
    pub(crate) error: Option<Arc<FetchError>>,
}

impl Keys {
    /// Begins a reload of the keys. If a fetch is in flight, the reload waits for this fetch.
    /// Otherwise a new fetch is requested if the `FetchSchedule` allows a fetch.
    pub(crate) fn begin_reload(&self) -> Reload {
        if self.fetching.is_none() {
            return Reload::Nothing;
        }
        if !self.ensure_fetching() {
            return Reload::Impossible;
        }
        let demand = self.shared.cache().reload(Instant::now());
        self.shared.wake.notify_one();
        match demand {
            Demand::Await(fetch) | Demand::Join(fetch) => Reload::Fetch(fetch),
            Demand::Refuse => Reload::Recent,
        }
    }

    /// Waits until the fetch of a reload ends. Returns an error if the deadline passes or if the
    /// last fetch that ended has failed.
    pub(crate) async fn reloaded(
        &self,
        reload: Reload,
        deadline: Instant,
    ) -> Result<(), ReloadFailure> {
        match reload {
            Reload::Nothing => return Ok(()),
            Reload::Recent => {}
            Reload::Impossible => {
                return Err(ReloadFailure { summary: "no tokio runtime", error: None });
            }
            Reload::Fetch(fetch) => {
                let mut published = self.shared.published.subscribe();
                let outcome = published.wait_for(|published| published.last_fetch >= fetch);
                if timeout_at(deadline, outcome).await.is_err() {
                    self.abort_silent_task();
                    return Err(ReloadFailure { summary: "no answer yet", error: None });
                }
            }
        }
        let published = self.shared.published.borrow();
        match &published.last_error {
            None => Ok(()),
            Some(error) => {
                let error = Some(Arc::clone(error));
                Err(ReloadFailure { summary: "the fetch failed", error })
            }
        }
    }
}
