//! Fetches and caches the signing keys of one issuer.
//!
//! `set` selects the key that verifies a token, and `public_key` checks keys. The keys come from the
//! configuration, from `key_file`, or from the network: `source` decides which documents to fetch,
//! and `documents` fetches them, through `discovery` and `http`.
//!
//! `fetch_schedule` decides when to fetch. `fetch_task` contains the fetch task, a background task
//! for each issuer. `background_task` starts and aborts the fetch task. Requests read keys from
//! [`Keys`].

mod base64_text;
mod discovery;
mod documents;
mod error;
mod fetch_ends;
mod fetch_schedule;
mod fetch_task;
#[cfg(fuzzing)]
pub mod fuzzing;
mod http;
pub(crate) mod jwk;
mod key_file;
mod keys_changed;
mod kid_for_logs;
mod listener;
#[cfg(feature = "openapi")]
mod login_endpoints;
mod metadata_source;
mod public_key;
mod reload;
mod report;
mod response_lifetime;
mod set;
mod source;
mod status;
mod supervision;

use std::sync::{Arc, Weak};
use std::time::Duration;

use fastrand::Rng;
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout_at};

pub(crate) use self::base64_text::decode as decode_base64;
pub(crate) use self::discovery::{Discovery, WellKnown};
pub(crate) use self::documents::{HttpDocuments, Location};
pub(crate) use self::error::FetchError;
#[cfg(test)]
pub(crate) use self::fetch_schedule::FetchCause;
use self::fetch_schedule::{Demand, FetchNumber, Pace};
use self::fetch_task::Shared;
#[cfg(feature = "security_events")]
pub(crate) use self::http::ExchangeLimits;
pub(crate) use self::http::{Client, HeaderFile, RequestHeaders};
pub(crate) use self::key_file::KeyFile;
pub use self::keys_changed::KeysChanged;
pub(crate) use self::listener::Listener;
#[cfg(feature = "openapi")]
pub(crate) use self::login_endpoints::Endpoints;
pub(crate) use self::metadata_source::MetadataSource;
pub(crate) use self::public_key::PublicKeyError;
pub(crate) use self::set::{Choice, KeySet, PublishedKey};
#[cfg(test)]
pub(crate) use self::source::{Documents, Fetched, FetchedKeys};
pub(crate) use self::source::{KeySource, Source};
use self::supervision::supervise;
use crate::background_task::{BackgroundTask, Pulse};

/// Longest time that a request waits for a fetch of keys.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// Signing keys of one issuer.
#[derive(Debug)]
pub(crate) struct Keys {
    shared: Arc<Shared>,
    /// Fetch task. `None` if the keys come from the configuration and the server does not fetch
    /// them.
    fetching: Option<BackgroundTask>,
}

/// Error for a request that needs a key while no usable key set exists.
#[derive(Debug)]
pub(crate) struct Unavailable {
    pub(crate) retry_after: Duration,
    pub(crate) reason: Option<Arc<FetchError>>,
}

impl Keys {
    /// Creates `Keys` from a configured key set, which stays the same for the life of the server.
    pub(crate) fn fixed(issuer: &str, set: KeySet) -> Self {
        let shared = Shared::new(issuer, Pace::Network, None);
        shared.hold(set, None);
        Self { shared: Arc::new(shared), fetching: None }
    }

    /// Creates `Keys` that the fetch task, a background task, fetches and keeps up to date.
    ///
    /// The fetch task starts immediately if the caller is on a tokio runtime, otherwise with the
    /// first request. Until the first fetch succeeds, requests use the key set `seed`.
    pub(crate) fn fetched(
        issuer: &str,
        source: impl KeySource,
        rng: Rng,
        seed: Option<KeySet>,
        listener: Option<Listener>,
    ) -> Self {
        let shared = Arc::new(Shared::new(issuer, source.pace(), listener));
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
        let keys = Self { shared, fetching: Some(BackgroundTask::new(start)) };
        keys.ensure_fetching();
        keys
    }

    /// Returns the current key set without waiting, or `None` before the first one and after its
    /// expiry.
    pub(crate) fn held(&self) -> Option<Arc<KeySet>> {
        self.shared.published.borrow().held().map(Arc::clone)
    }

    /// Returns the current key set without waiting, or the reason why the server has none.
    pub(crate) fn held_or_error(&self) -> Result<Arc<KeySet>, Unavailable> {
        self.held().ok_or_else(|| self.unavailable())
    }

    /// Returns the same as [`held`](Self::held), with the fetch that ended last.
    pub(crate) fn held_after(&self) -> (FetchNumber, Option<Arc<KeySet>>) {
        let published = self.shared.published.borrow();
        (published.last_fetch, published.held().map(Arc::clone))
    }

    /// Returns true if `set` is the key set that was published last. This function does not check
    /// that the key set has not expired, because the guard of the same request checked the expiry
    /// before.
    pub(crate) fn is_last(&self, set: &Weak<KeySet>) -> bool {
        let published = self.shared.published.borrow();
        published
            .set
            .as_ref()
            .is_some_and(|last| std::ptr::eq(Arc::as_ptr(&last.set), set.as_ptr()))
    }

    /// Waits for a fetch on behalf of a request whose token needs a key that is not in the key set
    /// that was current after the fetch `seen`. Returns the key set that is current after the wait.
    ///
    /// Causes at most one fetch, and only if the `FetchSchedule` allows the fetch. Waits for a
    /// second fetch only if `is_answer` returns false for the key set after the first fetch. The
    /// fetch is made by the fetch task and continues if this future is cancelled.
    pub(crate) async fn ask(
        &self,
        mut seen: FetchNumber,
        is_answer: impl Fn(&KeySet) -> bool,
        deadline: Instant,
    ) -> Result<Arc<KeySet>, Unavailable> {
        // The request waits for two fetches at most: the first fetch may have begun before the
        // issuer published the key of the request.
        for _ in 0..2 {
            if !self.ensure_fetching() {
                break;
            }
            let demand = self.shared.cache().demand(seen, Instant::now());
            let (fetch, may_retry) = match demand {
                Demand::Await(fetch) => (fetch, false),
                Demand::Join(fetch) => (fetch, true),
                Demand::Refuse => break,
            };
            self.shared.wake.notify_one();
            let mut published = self.shared.published.subscribe();
            let outcome = published.wait_for(|published| published.last_fetch >= fetch);
            let in_time = timeout_at(deadline, outcome).await.is_ok();
            let (last, held) = self.held_after();
            let is_answered = held.is_some_and(|set| is_answer(&set));
            seen = last;
            if !in_time {
                self.abort_silent_task();
            }
            if is_answered || !in_time || !may_retry {
                break;
            }
        }
        self.held_or_error()
    }

    /// Causes a fetch, if the `FetchSchedule` allows the fetch, and does not wait for it. This
    /// function is called for a token that names a key of the current key set, but is not verified
    /// by that key: the issuer may have replaced the key and kept its `kid`.
    ///
    /// Callers may present such tokens at any rate. While another thread uses the schedule, this
    /// function does nothing, so that the callers never wait for each other.
    pub(crate) fn refetch(&self, seen: FetchNumber) {
        if self.fetching.is_none() {
            return;
        }
        let demand = self.shared.try_cache().map(|mut cache| cache.demand(seen, Instant::now()));
        if matches!(demand, Some(Demand::Await(_))) && self.ensure_fetching() {
            self.shared.wake.notify_one();
        }
    }

    /// Waits until a usable key set exists, through several fetches if needed. Causes the first
    /// fetch immediately if the `FetchSchedule` allows the fetch.
    pub(crate) async fn warm(&self, deadline: Instant) -> Result<(), Unavailable> {
        let (seen, held) = self.held_after();
        if held.is_none() && self.ensure_fetching() {
            let _ = self.shared.cache().demand(seen, Instant::now());
            self.shared.wake.notify_one();
            let mut published = self.shared.published.subscribe();
            let held = published.wait_for(|published| published.held().is_some());
            if timeout_at(deadline, held).await.is_err() {
                self.abort_silent_task();
            }
        }
        self.held_or_error().map(|_| ())
    }

    /// Returns true if a fetch after `seen` succeeded, or if the keys are never fetched.
    #[cfg(any(feature = "__browser", feature = "security_events"))]
    pub(crate) fn has_fetched_since(&self, seen: FetchNumber) -> bool {
        let published = self.shared.published.borrow();
        let is_newer = published.last_fetch > seen && published.last_error.is_none();
        is_newer || self.fetching.is_none()
    }

    /// Returns the cause for which usable keys, or new ones, are missing.
    pub(crate) fn unavailable(&self) -> Unavailable {
        Unavailable {
            retry_after: self.shared.cache().retry_after(Instant::now()),
            reason: self.shared.published.borrow().last_error.clone(),
        }
    }

    /// Starts the fetch task if it is not running already. Returns true if the fetch task is
    /// running when this function returns.
    fn ensure_fetching(&self) -> bool {
        self.fetching.as_ref().is_some_and(BackgroundTask::ensure_started)
    }

    /// Aborts the fetch task if no thread drives its tokio runtime. This function is called for a
    /// request that woke the fetch task and then timed out.
    fn abort_silent_task(&self) {
        if let Some(fetching) = &self.fetching {
            fetching.abort_if_silent();
        }
    }
}
