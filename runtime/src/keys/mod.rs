//! Fetches and caches the signing keys of one issuer.
//!
//! The module `fetch_schedule` decides when to fetch. `source` fetches the key set, through `discovery` and
//! `http`. `set` parses the key set. `fetching` connects these modules in one background task for
//! each issuer. `fetch_task` starts and aborts the background task. Requests use [`Keys`].

mod discovery;
mod ed25519;
mod error;
mod fetch_ends;
mod fetch_schedule;
mod fetch_task;
mod fetching;
#[cfg(fuzzing)]
pub mod fuzzing;
mod http;
mod jwk;
mod keys_changed;
mod kid_for_logs;
mod listener;
mod lock;
#[cfg(feature = "openapi")]
mod login_endpoints;
mod pulse;
mod reload;
mod report;
mod response_lifetime;
mod roca;
mod set;
mod source;
mod status;
mod supervision;

use std::sync::{Arc, Weak};
use std::time::Duration;

use fastrand::Rng;
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout_at};

pub(crate) use self::error::FetchError;
use self::fetch_schedule::Demand;
use self::fetch_task::Fetching;
use self::fetching::Shared;
pub(crate) use self::http::{Client, is_permitted};
pub use self::keys_changed::KeysChanged;
pub(crate) use self::listener::Listener;
#[cfg(feature = "openapi")]
pub(crate) use self::login_endpoints::{Endpoints, MetadataSource};
use self::pulse::Pulse;
pub(crate) use self::set::{Choice, KeySet, LeftAside, Parsed, PublishedKey};
#[cfg(test)]
pub(crate) use self::source::Fetched;
pub(crate) use self::source::{KeySource, Location, Source};
use self::supervision::supervise;

/// Longest time that a request waits for a fetch.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// Keys of one issuer.
#[derive(Debug)]
pub(crate) struct Keys {
    shared: Arc<Shared>,
    /// `None` for a configured set that is never fetched.
    fetching: Option<Fetching>,
}

/// Error that no usable key set exists.
#[derive(Debug)]
pub(crate) struct Unavailable {
    pub(crate) retry_after: Duration,
    pub(crate) reason: Option<Arc<FetchError>>,
}

impl Keys {
    /// Creates keys from a configured set, which never changes.
    pub(crate) fn fixed(issuer: &str, set: KeySet) -> Self {
        let shared = Shared::new(issuer, None);
        shared.hold(set, None);
        Self { shared: Arc::new(shared), fetching: None }
    }

    /// Creates keys that a background task fetches and keeps up to date.
    ///
    /// The task starts immediately if there is a current tokio runtime, otherwise with the first
    /// request. Requests use `seed` until the first fetch succeeds.
    pub(crate) fn fetched(
        issuer: &str,
        source: impl KeySource,
        rng: Rng,
        seed: Option<KeySet>,
        listener: Option<Listener>,
    ) -> Self {
        let shared = Arc::new(Shared::new(issuer, listener));
        if let Some(seed) = seed {
            shared.seed(seed);
        }
        let start = {
            let shared = Arc::clone(&shared);
            move |runtime: &Handle, pulse: Arc<Pulse>| {
                shared.cache().record_abort();
                let (shared, rng) = (Arc::clone(&shared), rng.clone());
                runtime.spawn(supervise(shared, source.clone(), rng, pulse))
            }
        };
        let keys = Self { shared, fetching: Some(Fetching::new(start)) };
        keys.ensure_fetching();
        keys
    }

    /// Returns the current set without waiting.
    pub(crate) fn held(&self) -> Option<Arc<KeySet>> {
        self.shared.published.borrow().held().map(Arc::clone)
    }

    /// Returns true if this is the set of the last successful fetch. Ignores the age of the set: the
    /// guard of the same request has judged it.
    pub(crate) fn is_last(&self, set: &Weak<KeySet>) -> bool {
        let published = self.shared.published.borrow();
        published
            .set
            .as_ref()
            .is_some_and(|last| std::ptr::eq(Arc::as_ptr(&last.set), set.as_ptr()))
    }

    /// Waits for a fetch on behalf of a request whose key is not in the current set. Then returns
    /// the current set.
    ///
    /// Causes at most one fetch, and only if the schedule in `cache` allows the fetch. If
    /// `is_answer` accepts the current set after the first fetch, does not wait for a second fetch.
    /// The fetch runs in the background task, so that dropping this future does not cancel the
    /// fetch.
    pub(crate) async fn ask(
        &self,
        is_answer: impl Fn(&KeySet) -> bool,
        deadline: Instant,
    ) -> Result<Arc<KeySet>, Unavailable> {
        // The request waits for two fetches at most: a fetch that began before the request may lack
        // a newer key.
        for _ in 0..2 {
            if !self.ensure_fetching() {
                break;
            }
            let demand = self.shared.cache().demand(Instant::now());
            let (fetch, may_retry) = match demand {
                Demand::Await(fetch) => (fetch, false),
                Demand::Join(fetch) => (fetch, true),
                Demand::Refuse => break,
            };
            self.shared.wake.notify_one();
            let mut published = self.shared.published.subscribe();
            let outcome = published.wait_for(|published| published.last_fetch >= fetch);
            let in_time = timeout_at(deadline, outcome).await.is_ok();
            let is_answered = self.held().is_some_and(|set| is_answer(&set));
            if !in_time {
                self.abort_silent_task();
            }
            if is_answered || !in_time || !may_retry {
                break;
            }
        }
        self.held().ok_or_else(|| self.unavailable())
    }

    /// Waits until a usable key set exists, through several fetches if needed. Causes the first
    /// fetch immediately if the schedule in `cache` allows the fetch.
    pub(crate) async fn warm(&self, deadline: Instant) -> Result<(), Unavailable> {
        if self.held().is_none() && self.ensure_fetching() {
            let _ = self.shared.cache().demand(Instant::now());
            self.shared.wake.notify_one();
            let mut published = self.shared.published.subscribe();
            let held = published.wait_for(|published| published.held().is_some());
            if timeout_at(deadline, held).await.is_err() {
                self.abort_silent_task();
            }
        }
        self.held().map(|_| ()).ok_or_else(|| self.unavailable())
    }

    fn unavailable(&self) -> Unavailable {
        Unavailable {
            retry_after: self.shared.cache().retry_after(Instant::now()),
            reason: self.shared.published.borrow().last_error.clone(),
        }
    }

    /// Starts the background task if the task is not running. Returns true if the task is running
    /// now.
    fn ensure_fetching(&self) -> bool {
        self.fetching.as_ref().is_some_and(Fetching::ensure_started)
    }

    /// Aborts the background task if its runtime is not driven. A request that woke the task and
    /// then timed out calls this function.
    fn abort_silent_task(&self) {
        if let Some(fetching) = &self.fetching {
            fetching.abort_if_silent();
        }
    }
}
