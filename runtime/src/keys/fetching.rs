//! The task that fetches one issuer's keys, and what it publishes for requests to read.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use fastrand::Rng;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, timeout_at};
use tracing::Instrument;

use super::cache::{Action, Cache, FetchNumber};
use super::error::FetchError;
use super::listener::Listener;
use super::lock::lock;
use super::pulse::Pulse;
use super::report::{FetchOutcome, report};
use super::set::{KeySet, Parsed};
use super::source::{Fetched, KeySource};
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
    pub(super) set: Option<HeldSet>,
    pub(super) last_fetch: FetchNumber,
    pub(super) last_error: Option<Arc<FetchError>>,
}

#[derive(Debug)]
pub(super) struct HeldSet {
    pub(super) set: Arc<KeySet>,
    /// `None` where the set was configured.
    pub(super) keep_until: Option<Instant>,
}

/// What came of a fetch, for requests to share.
type Landing = Result<(Option<Arc<KeySet>>, Option<Duration>), Arc<FetchError>>;

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
        self.published.send_modify(|published| published.set = Some(HeldSet { set, keep_until }));
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

    fn next(&self) -> (Action, FetchNumber) {
        let mut cache = self.cache();
        (cache.next(Instant::now()), cache.begun())
    }

    pub(super) fn publish(&self, fetch: FetchNumber, fetched: Fetched, chance: &mut Rng) {
        let (result, left_aside) = match fetched {
            Ok((news, lifetime)) => {
                let apart = |parsed: Parsed| (Arc::new(parsed.set), parsed.unusable);
                let (set, left_aside) = news.map(apart).unzip();
                (Ok((set, lifetime)), left_aside.unwrap_or_default())
            }
            Err(error) => (Err(Arc::new(error)), Vec::new()),
        };
        let mut outcome = FetchOutcome {
            before: None,
            after: None,
            left_aside,
            error: result.as_ref().err().cloned(),
        };
        let mut cache = self.cache();
        self.published.send_modify(|published| {
            outcome.before = published.last();
            published.record(&mut cache, fetch, result, Instant::now(), chance);
            outcome.after = published.last();
        });
        drop(cache);
        // Last, and whoever panics there does so alone: the keys are in place.
        let tell = || report(&self.issuer, &outcome, self.listener.as_ref());
        let _ = catch_unwind(AssertUnwindSafe(tell));
    }
}

impl Published {
    /// The set, as long as it may be used.
    pub(super) fn held(&self) -> Option<&Arc<KeySet>> {
        let held = self.set.as_ref()?;
        let expired = held.keep_until.is_some_and(|until| until <= Instant::now());
        (!expired).then_some(&held.set)
    }

    /// The set, whether or not it may still be used.
    fn last(&self) -> Option<Arc<KeySet>> {
        self.set.as_ref().map(|held| Arc::clone(&held.set))
    }

    /// Tells the cache and the requests as one: who is refused another fetch finds what the last one
    /// brought, and who waited for it finds it outcome with its set.
    fn record(
        &mut self,
        cache: &mut Cache,
        fetch: FetchNumber,
        result: Landing,
        now: Instant,
        chance: &mut Rng,
    ) {
        // A task that was given up may come too late to tell.
        if fetch != cache.begun() {
            return;
        }
        let (news, error) = match result {
            Ok((news, lifetime)) => {
                cache.loaded(now, lifetime, chance.f64());
                (news, None)
            }
            Err(error) => {
                cache.failed(now, chance.u64(..));
                (None, Some(error))
            }
        };
        let keep_until = cache.keep_until();
        match (&mut self.set, news) {
            // What was verified by a set stays so while its keys are the same.
            (Some(held), Some(set)) if held.set == set => held.keep_until = keep_until,
            (place, Some(set)) => *place = Some(HeldSet { set, keep_until }),
            (Some(held), None) => held.keep_until = keep_until,
            (None, None) => {}
        }
        self.last_error = error;
        self.last_fetch = fetch;
    }
}

/// `chance` spreads what many servers would otherwise do at once.
pub(super) async fn fetch_for_ever(
    shared: Arc<Shared>,
    mut source: impl KeySource,
    mut chance: Rng,
    pulse: Arc<Pulse>,
) {
    loop {
        pulse.beat();
        let (action, begun) = shared.next();
        match action {
            Action::Fetch => {
                let span = telemetry::fetch(&shared.issuer);
                let outcome = pulse.during(source.fetch().instrument(span)).await;
                shared.publish(begun, outcome, &mut chance);
            }
            Action::WaitUntil(time) => {
                // Either way there is something to look at.
                let _ = timeout_at(time, shared.wake.notified()).await;
            }
            Action::Wait => shared.wake.notified().await,
        }
    }
}

#[cfg(test)]
mod interleavings;
