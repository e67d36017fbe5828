//! Keeps content of an issuer's metadata, and fetches it once for all requests that need it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// Time after which the metadata is fetched again.
const LIFETIME: Duration = Duration::from_secs(60 * 60);
/// Lifetime of metadata whose location is not final.
const UNSETTLED_LIFETIME: Duration = Duration::from_secs(60);
/// Error of a fetch whose task ended early.
const INTERRUPTED: &str = "the fetch of the issuer's metadata was interrupted";
/// Time for which the error of a fetch is the answer.
const PAUSE: Duration = Duration::from_secs(5);

/// Result of a fetch: the content of the metadata, and true if the location of the metadata is final.
/// The error is the text of a problem.
pub(super) type Fetched<T> = Result<(T, bool), String>;

/// Cache of the content of the metadata of one issuer.
#[derive(Debug)]
pub(super) struct MetadataCache<T>(watch::Sender<State<T>>);

#[derive(Debug)]
struct State<T> {
    metadata: Option<Arc<T>>,
    /// Error of the last fetch, if it failed.
    error: Option<Arc<str>>,
    /// Time of the next fetch. `None` before the first fetch.
    next: Option<Instant>,
    is_fetching: bool,
}

impl<T> Default for MetadataCache<T> {
    fn default() -> Self {
        let state = State { metadata: None, error: None, next: None, is_fetching: false };
        Self(watch::Sender::new(state))
    }
}

impl<T: PartialEq + Send + Sync + 'static> MetadataCache<T> {
    /// Returns the metadata. Starts a fetch with `fetch` if one is due, and waits for it only
    /// without earlier metadata.
    pub(super) async fn get<F>(
        self: &Arc<Self>,
        fetch: impl FnOnce() -> F,
    ) -> Result<Arc<T>, Arc<str>>
    where
        F: Future<Output = Fetched<T>> + Send + 'static,
    {
        if self.begin(Instant::now()) {
            let flight = Flight { cache: Arc::clone(self), is_recorded: false };
            let fetch = fetch();
            tokio::spawn(async move { flight.record(fetch.await) });
        }
        let mut changes = self.0.subscribe();
        // The cache holds the sender, so that the channel is open.
        let state = changes.wait_for(|state| state.answer().is_some()).await;
        state.ok().and_then(|state| state.answer()).unwrap_or_else(|| Err(INTERRUPTED.into()))
    }

    /// Returns the metadata of an earlier fetch, if one succeeded.
    pub(super) fn known(&self) -> Option<Arc<T>> {
        self.0.borrow().metadata.clone()
    }

    /// Returns the error of the last fetch, if no fetch has succeeded.
    pub(super) fn last_error(&self) -> Option<Arc<str>> {
        let state = self.0.borrow();
        state.error.clone().filter(|_| state.metadata.is_none())
    }

    /// Returns true if a fetch is due and none runs. The caller must then run it.
    fn begin(&self, now: Instant) -> bool {
        self.0.send_if_modified(|state| {
            let is_due = state.next.is_none_or(|next| next <= now);
            let begins = is_due && !state.is_fetching;
            if begins {
                state.is_fetching = true;
                // An error is not an answer to the request that causes the next fetch.
                state.error = None;
            }
            begins
        })
    }
}

impl<T: PartialEq> State<T> {
    /// Returns the answer to a request, or `None` if the request must wait for a fetch.
    fn answer(&self) -> Option<Result<Arc<T>, Arc<str>>> {
        match (&self.metadata, &self.error) {
            (Some(metadata), _) => Some(Ok(Arc::clone(metadata))),
            (None, Some(error)) => Some(Err(Arc::clone(error))),
            (None, None) => None,
        }
    }

    fn record(&mut self, fetched: Fetched<T>, now: Instant) {
        let pause = match fetched {
            Ok((metadata, is_settled)) => {
                if self.metadata.as_deref() != Some(&metadata) {
                    self.metadata = Some(Arc::new(metadata));
                }
                self.error = None;
                if is_settled { LIFETIME } else { UNSETTLED_LIFETIME }
            }
            Err(error) => {
                self.error = Some(error.into());
                PAUSE
            }
        };
        self.next = now.checked_add(pause);
        self.is_fetching = false;
    }
}

/// A fetch that runs. If its task ends without a result, for example because its runtime ends, the
/// requests that wait for it get an error.
struct Flight<T: PartialEq> {
    cache: Arc<MetadataCache<T>>,
    is_recorded: bool,
}

impl<T: PartialEq> Flight<T> {
    fn record(mut self, fetched: Fetched<T>) {
        self.is_recorded = true;
        self.cache.0.send_modify(|state| state.record(fetched, Instant::now()));
    }
}

impl<T: PartialEq> Drop for Flight<T> {
    fn drop(&mut self) {
        if !self.is_recorded {
            let fetched = Err(INTERRUPTED.to_owned());
            self.cache.0.send_modify(|state| state.record(fetched, Instant::now()));
        }
    }
}
