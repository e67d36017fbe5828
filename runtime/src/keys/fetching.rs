//! The task that fetches one issuer's keys, and what it publishes for requests to read.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::{Instant, timeout_at};
use tracing::Instrument;

use super::FetchError;
use super::cache::{Action, Cache, Flight};
use super::listener::Listener;
use super::lock;
use super::report::{Landed, report};
use super::set::{KeySet, Parsed};
use super::source::Source;
use crate::telemetry;

/// Between requests and the task. The mutex is held for a transition, never across a wait.
#[derive(Debug)]
pub(super) struct Shared {
    issuer: String,
    listener: Option<Listener>,
    cache: Mutex<Cache>,
    pub(super) wake: Notify,
    pub(super) published: watch::Sender<Published>,
}

/// What requests read.
#[derive(Debug, Default)]
pub(super) struct Published {
    pub(super) set: Option<Held>,
    pub(super) landed: Flight,
    pub(super) last_error: Option<Arc<FetchError>>,
}

#[derive(Debug)]
pub(super) struct Held {
    pub(super) set: Arc<KeySet>,
    /// `None` where the set was configured.
    pub(super) keep_until: Option<Instant>,
}

impl Published {
    fn held(&self) -> Option<Arc<KeySet>> {
        self.set.as_ref().map(|held| Arc::clone(&held.set))
    }
}

impl Shared {
    pub(super) fn new(issuer: &str, listener: Option<Listener>) -> Self {
        Self {
            issuer: issuer.to_owned(),
            listener,
            cache: Mutex::new(Cache::new()),
            wake: Notify::new(),
            published: watch::Sender::default(),
        }
    }

    pub(super) fn cache(&self) -> MutexGuard<'_, Cache> {
        lock(&self.cache)
    }

    /// A set that nobody fetched.
    pub(super) fn hold(&self, set: KeySet, keep_until: Option<Instant>) {
        let set = Arc::new(set);
        let keys = set.count();
        self.published
            .send_modify(|published| published.set = Some(Held { set, keep_until }));
        telemetry::keys_held(&self.issuer, keys);
    }

    /// The same, until a fetch brings one.
    pub(super) fn seed(&self, set: KeySet) {
        let mut cache = self.cache();
        cache.seeded(Instant::now());
        let keep_until = cache.keep_until();
        drop(cache);
        self.hold(set, keep_until);
    }

    pub(super) fn publish(&self, outcome: Result<(Option<Parsed>, Option<Duration>), FetchError>) {
        let now = Instant::now();
        let mut cache = self.cache();
        let (news, error) = match outcome {
            Ok((news, lifetime)) => {
                cache.loaded(now, lifetime, fastrand::f64());
                (news, None)
            }
            Err(error) => {
                cache.failed(now, fastrand::u64(..));
                (None, Some(Arc::new(error)))
            }
        };
        let keep_until = cache.keep_until();
        let flight = cache.begun();
        drop(cache);
        let (set, left_aside) = news
            .map(|parsed| (Arc::new(parsed.set), parsed.unusable))
            .unzip();
        let mut landed = Landed {
            before: None,
            after: None,
            left_aside: left_aside.unwrap_or_default(),
            error: error.clone(),
        };
        self.published.send_modify(|published| {
            landed.before = published.held();
            match (&mut published.set, set) {
                // What was verified by a set stays so while its keys are the same.
                (Some(held), Some(set)) if held.set == set => held.keep_until = keep_until,
                (place, Some(set)) => *place = Some(Held { set, keep_until }),
                (Some(held), None) => held.keep_until = keep_until,
                (None, None) => {}
            }
            published.last_error = error;
            published.landed = flight;
            landed.after = published.held();
        });
        // Last, and whoever panics there does so alone: the keys are in place.
        let tell = || report(&self.issuer, &landed, self.listener.as_ref());
        let _ = catch_unwind(AssertUnwindSafe(tell));
    }
}

pub(super) async fn fetch_for_ever(shared: Arc<Shared>, mut source: Source) {
    loop {
        let action = shared.cache().next(Instant::now());
        match action {
            Action::Fetch => {
                let span = telemetry::fetch(&shared.issuer);
                shared.publish(source.fetch().instrument(span).await);
            }
            Action::WaitUntil(time) => {
                // Either way there is something to look at.
                let _ = timeout_at(time, shared.wake.notified()).await;
            }
            Action::Wait => shared.wake.notified().await,
        }
    }
}
