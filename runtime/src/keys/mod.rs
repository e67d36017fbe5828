//! The keys of one issuer, from the first fetch to the last.
//!
//! `cache` decides when, `source` (over `discovery` and `http`) does the fetching, `set` is what
//! comes of it, `fetching` joins them off the request path, in the one `task` that there is. Here is
//! what requests see of it.

mod cache;
mod changes;
mod discovery;
mod ed25519;
#[cfg(feature = "openapi")]
mod endpoints;
mod error;
mod fetching;
mod freshness;
#[cfg(fuzzing)]
pub mod fuzzing;
mod http;
mod jwk;
mod keys_changed;
mod kid;
mod listener;
mod lock;
mod pulse;
mod reload;
mod report;
mod roca;
mod set;
mod source;
mod status;
mod supervision;
mod task;

use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout_at};

use self::cache::Demand;
#[cfg(feature = "openapi")]
pub(crate) use self::endpoints::{Endpoints, MetadataSource};
pub(crate) use self::error::FetchError;
use self::fetching::Shared;
pub(crate) use self::http::{Client, is_permitted};
pub use self::keys_changed::KeysChanged;
pub(crate) use self::listener::Listener;
use self::pulse::Pulse;
pub(crate) use self::set::{Choice, KeySet, LeftAside, Parsed, PublishedKey};
#[cfg(test)]
pub(crate) use self::source::Fetched;
pub(crate) use self::source::{KeySource, Location, Source};
use self::supervision::supervised;
use self::task::Fetching;

/// The longest that a request waits for a fetch.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// One issuer's keys.
#[derive(Debug)]
pub(crate) struct Keys {
    shared: Arc<Shared>,
    /// `None` where the set was configured.
    fetching: Option<Fetching>,
}

/// Why there is no set to look a key up in.
#[derive(Debug)]
pub(crate) struct Unavailable {
    pub(crate) retry_after: Duration,
    pub(crate) reason: Option<Arc<FetchError>>,
}

impl Keys {
    /// A set that never changes.
    pub(crate) fn fixed(issuer: &str, set: KeySet) -> Self {
        let shared = Shared::new(issuer, None);
        shared.hold(set, None);
        Self { shared: Arc::new(shared), fetching: None }
    }

    /// A set that is fetched and kept up to date, from now on if there is a runtime to do it on,
    /// otherwise from the first request on. The seed serves until there is one, if there is a seed.
    pub(crate) fn fetched(
        issuer: &str,
        source: impl KeySource,
        chance: Rng,
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
                shared.cache().abandoned();
                let (shared, chance) = (Arc::clone(&shared), chance.clone());
                runtime.spawn(supervised(shared, source.clone(), chance, pulse))
            }
        };
        let keys = Self { shared, fetching: Some(Fetching::new(start)) };
        keys.keep_fetching();
        keys
    }

    /// The set that is held now. Never waits.
    pub(crate) fn held(&self) -> Option<Arc<KeySet>> {
        self.shared.published.borrow().held().map(Arc::clone)
    }

    /// For a request that found no answer in the set that is held: waits for what the issuer
    /// publishes now, as far as the rules of `cache` allow, and asks `knows` about each new set.
    ///
    /// The fetch belongs to nobody who waits for it, so that leaving cancels nothing.
    pub(crate) async fn ask(
        &self,
        knows: impl Fn(&KeySet) -> bool,
        deadline: Instant,
    ) -> Result<Arc<KeySet>, Unavailable> {
        // Twice at most: a fetch that had begun before the request came may have missed the news.
        for _ in 0..2 {
            if !self.keep_fetching() {
                break;
            }
            let demand = self.shared.cache().demand(Instant::now());
            let (fetch, again) = match demand {
                Demand::Await(fetch) => (fetch, false),
                Demand::Join(fetch) => (fetch, true),
                Demand::Refuse => break,
            };
            self.shared.wake.notify_one();
            let mut published = self.shared.published.subscribe();
            let outcome = published.wait_for(|published| published.last_fetch >= fetch);
            let in_time = timeout_at(deadline, outcome).await.is_ok();
            let answered = self.held().is_some_and(|set| knows(&set));
            if !in_time {
                self.end_silent_fetching();
            }
            if answered || !in_time || !again {
                break;
            }
        }
        self.held().ok_or_else(|| self.unavailable())
    }

    /// Waits for a set, however many fetches it takes, and causes one if the rules allow.
    pub(crate) async fn warm(&self, deadline: Instant) -> Result<(), Unavailable> {
        if self.held().is_none() && self.keep_fetching() {
            let _ = self.shared.cache().demand(Instant::now());
            self.shared.wake.notify_one();
            let mut published = self.shared.published.subscribe();
            let held = published.wait_for(|published| published.held().is_some());
            if timeout_at(deadline, held).await.is_err() {
                self.end_silent_fetching();
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

    /// Whether somebody fetches, from now on if nobody did.
    fn keep_fetching(&self) -> bool {
        self.fetching.as_ref().is_some_and(Fetching::keep)
    }

    /// After waiting in vain for a task that was woken.
    fn end_silent_fetching(&self) {
        if let Some(fetching) = &self.fetching {
            fetching.end_if_silent();
        }
    }
}
