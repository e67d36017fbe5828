//! The keys of one issuer, from the first fetch to the last.
//!
//! `cache` decides when, `source` (over `discovery` and `http`) does the fetching, `set` is what
//! comes of it, `fetching` is the task that joins them off the request path. Here is what requests
//! see of it.

mod cache;
mod changed;
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
mod kid;
mod listener;
mod reload;
mod report;
mod roca;
mod set;
mod source;
mod status;
mod supervised;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fastrand::Rng;
use tokio::runtime::{Handle, Id};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

use self::cache::Demand;
pub use self::changed::KeysChanged;
#[cfg(feature = "openapi")]
pub(crate) use self::endpoints::{Endpoints, MetadataSource};
pub(crate) use self::error::FetchError;
use self::fetching::Shared;
pub(crate) use self::http::{Client, is_permitted};
pub(crate) use self::listener::Listener;
pub(crate) use self::set::{Choice, KeySet, LeftAside, Parsed, PublishedKey};
#[cfg(test)]
pub(crate) use self::source::Fetched;
pub(crate) use self::source::{KeySource, Location, Source};
use self::supervised::supervised;

/// The longest that a request waits for a fetch.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// One issuer's keys.
#[derive(Debug)]
pub(crate) struct Keys {
    shared: Arc<Shared>,
    /// `None` where the set was configured.
    fetching: Option<Fetching>,
}

/// Who fetches, and on which runtime.
#[derive(Debug)]
struct Task {
    handle: JoinHandle<()>,
    runtime: Id,
}

/// Spawns the task on a runtime, each time with what was configured.
type Start = dyn Fn(&Handle) -> JoinHandle<()> + Send + Sync;

struct Fetching {
    start: Box<Start>,
    task: Mutex<Option<Task>>,
}

impl fmt::Debug for Fetching {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Fetching");
        shown.field("task", &self.task).finish_non_exhaustive()
    }
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
        Self {
            shared: Arc::new(shared),
            fetching: None,
        }
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
            move |runtime: &Handle| {
                let (shared, source, chance) =
                    (Arc::clone(&shared), source.clone(), chance.clone());
                runtime.spawn(supervised(shared, source, chance))
            }
        };
        let keys = Self {
            shared,
            fetching: Some(Fetching {
                start: Box::new(start),
                task: Mutex::default(),
            }),
        };
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
            let (flight, again) = match demand {
                Demand::Await(flight) => (flight, false),
                Demand::Join(flight) => (flight, true),
                Demand::Refuse => break,
            };
            self.shared.wake.notify_one();
            let mut published = self.shared.published.subscribe();
            let landed = published.wait_for(|published| published.landed >= flight);
            let in_time = timeout_at(deadline, landed).await.is_ok();
            let answered = self.held().is_some_and(|set| knows(&set));
            if !in_time {
                self.distrust();
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
                self.distrust();
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

    /// Whether somebody fetches. The task dies with the runtime it was spawned on; the next request
    /// on another runtime starts it again.
    fn keep_fetching(&self) -> bool {
        let (Some(fetching), Ok(runtime)) = (&self.fetching, Handle::try_current()) else {
            return false;
        };
        let mut task = lock(&fetching.task);
        if task.as_ref().is_none_or(|task| task.handle.is_finished()) {
            self.shared.cache().abandoned();
            *task = Some(Task {
                handle: (fetching.start)(&runtime),
                runtime: runtime.id(),
            });
        }
        true
    }

    /// Ends a task that nothing was heard of in time, if it runs elsewhere: a runtime that nobody
    /// drives, as one that only built the server, lives on and fetches nothing.
    fn distrust(&self) {
        let (Some(fetching), Ok(runtime)) = (&self.fetching, Handle::try_current()) else {
            return;
        };
        let mut task = lock(&fetching.task);
        if let Some(elsewhere) = task.take_if(|task| task.runtime != runtime.id()) {
            elsewhere.handle.abort();
        }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        if let Some(task) = self
            .fetching
            .as_ref()
            .and_then(|one| lock(&one.task).take())
        {
            task.handle.abort();
        }
    }
}

/// A transition that panicked left the state as it was before or after: there is no half of it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
