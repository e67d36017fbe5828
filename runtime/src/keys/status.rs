//! State of one issuer's keys, for health reports.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::Keys;
use super::error::FetchError;

/// State of one issuer's keys at one moment.
#[derive(Debug)]
pub(crate) struct Status {
    /// True if there are keys that requests may use.
    pub(crate) usable: bool,
    pub(crate) keys: usize,
    /// Time since the last successful fetch, or since the server was built with a configured key
    /// set if no fetch has succeeded. `None` if the server has no keys yet, or has configured keys
    /// that it does not fetch.
    pub(crate) age: Option<Duration>,
    /// Time until the next fetch.
    pub(crate) next_fetch: Option<Duration>,
    /// Time until the keys expire if no fetch succeeds.
    pub(crate) usable_for: Option<Duration>,
    pub(crate) last_error: Option<Arc<FetchError>>,
}

impl Keys {
    /// Returns the current state of the keys without waiting. Also starts the fetch task if the
    /// task is not running.
    pub(crate) fn status(&self) -> Status {
        self.ensure_fetching();
        let now = Instant::now();
        let (age, next_fetch) = {
            let cache = self.shared.cache();
            let age = cache.loaded_at().map(|at| now.saturating_duration_since(at));
            let next = cache.due(now).map(|due| due.saturating_duration_since(now));
            (age, next)
        };
        let published = self.shared.published.borrow();
        let held = published.set.as_ref();
        let until = held.and_then(|held| held.keep_until);
        Status {
            usable: published.held().is_some(),
            keys: held.map_or(0, |held| held.set.count()),
            age,
            next_fetch: next_fetch.filter(|_| self.fetching.is_some()),
            usable_for: until.map(|until| until.saturating_duration_since(now)),
            last_error: published.last_error.clone(),
        }
    }
}
