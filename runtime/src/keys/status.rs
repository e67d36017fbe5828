//! How one issuer's keys are, for whoever asks without wanting any.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::Keys;
use super::error::FetchError;

/// The state at one moment.
#[derive(Debug)]
pub(crate) struct Status {
    /// Whether the keys that are held may be used.
    pub(crate) usable: bool,
    pub(crate) keys: usize,
    /// Since they were loaded or confirmed; nothing where they were configured.
    pub(crate) age: Option<Duration>,
    /// Until they are fetched again.
    pub(crate) next_fetch: Option<Duration>,
    /// Until they may not be used any more, if nothing better comes.
    pub(crate) usable_for: Option<Duration>,
    pub(crate) last_error: Option<Arc<FetchError>>,
}

impl Keys {
    /// Does not wait. Where there was no runtime so far, the fetching begins.
    pub(crate) fn status(&self) -> Status {
        self.keep_fetching();
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
