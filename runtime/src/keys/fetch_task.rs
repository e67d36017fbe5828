//! Fetch task, which fetches one issuer's keys, and the state that the task publishes for requests.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use fastrand::Rng;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, timeout_at};
use tracing::Instrument;

use super::error::FetchError;
use super::fetch_schedule::{Action, Extent, FetchNumber, FetchSchedule, Pace};
use super::listener::Listener;
use super::report::{FetchOutcome, report};
use super::set::KeySet;
use super::source::{Fetched, FetchedKeys, KeySource, MetadataCheck};
use crate::background_task::Pulse;
use crate::lock::{lock, try_lock};
use crate::telemetry;

/// State that requests and the fetch task share. No code holds the mutex across an `await`.
#[derive(Debug)]
pub(super) struct Shared {
    issuer: String,
    listener: Option<Listener>,
    cache: Mutex<FetchSchedule>,
    pub(super) wake: Notify,
    pub(super) published: watch::Sender<Published>,
}

/// Results of the fetches, which requests read.
#[derive(Debug, Default)]
pub(super) struct Published {
    pub(super) set: Option<HeldSet>,
    pub(super) last_fetch: FetchNumber,
    pub(super) last_error: Option<Arc<FetchError>>,
}

/// Current key set.
#[derive(Debug)]
pub(super) struct HeldSet {
    pub(super) set: Arc<KeySet>,
    /// Time until which the key set may be used. `None` for a key set from the configuration that
    /// the server does not fetch.
    pub(super) keep_until: Option<Instant>,
}

/// Result of a fetch, for the schedule.
#[derive(Debug)]
enum FetchResult {
    /// The fetch succeeded. The key set has this lifetime.
    Success(Extent, Option<Duration>),
    /// The key set was fetched, but the metadata failed.
    Outdated(Arc<FetchError>),
    Failure(Arc<FetchError>),
}

impl Shared {
    pub(super) fn new(issuer: &str, pace: Pace, listener: Option<Listener>) -> Self {
        Self {
            issuer: issuer.to_owned(),
            listener,
            cache: Mutex::new(FetchSchedule::new(pace)),
            wake: Notify::new(),
            published: watch::Sender::default(),
        }
    }

    pub(super) fn cache(&self) -> MutexGuard<'_, FetchSchedule> {
        lock(&self.cache)
    }

    /// Returns the schedule, or `None` if another thread uses it.
    pub(super) fn try_cache(&self) -> Option<MutexGuard<'_, FetchSchedule>> {
        try_lock(&self.cache)
    }

    /// Publishes a configured key set that may be used until `keep_until`. If `keep_until` is
    /// `None`, the key set does not expire.
    pub(super) fn hold(&self, set: KeySet, keep_until: Option<Instant>) {
        let set = Arc::new(set);
        let keys = set.count();
        self.published.send_modify(|published| published.set = Some(HeldSet { set, keep_until }));
        telemetry::keys_held(&self.issuer, keys);
    }

    /// Publishes a configured key set for the time until the first successful fetch.
    pub(super) fn seed(&self, set: KeySet) {
        let mut cache = self.cache();
        cache.seed(Instant::now());
        let keep_until = cache.keep_until();
        drop(cache);
        self.hold(set, keep_until);
    }

    fn next(&self) -> (Action, FetchNumber) {
        let mut cache = self.cache();
        (cache.next(Instant::now()), cache.current_fetch())
    }

    /// Records and publishes the result of a fetch, then reports the result.
    pub(super) fn publish(&self, fetch: FetchNumber, fetched: Fetched, rng: &mut Rng) {
        let mut outcome = FetchOutcome::default();
        let (set, result) = match fetched {
            Ok(FetchedKeys { set, lifetime, metadata }) => {
                let result = match metadata {
                    MetadataCheck::Current => FetchResult::Success(Extent::Complete, lifetime),
                    MetadataCheck::NotAsked => FetchResult::Success(Extent::SetOnly, lifetime),
                    MetadataCheck::Failed(error) => FetchResult::Outdated(Arc::new(error)),
                };
                (set, result)
            }
            Err(error) => (None, FetchResult::Failure(Arc::new(error))),
        };
        match &result {
            FetchResult::Success(..) => {}
            FetchResult::Outdated(error) => outcome.metadata_error = Some(Arc::clone(error)),
            FetchResult::Failure(error) => outcome.error = Some(Arc::clone(error)),
        }
        let mut cache = self.cache();
        self.published.send_modify(|published| {
            outcome.before = published.last();
            outcome.error_before.clone_from(&published.last_error);
            published.record(&mut cache, fetch, set, result, Instant::now(), rng);
            outcome.after = published.last();
        });
        drop(cache);
        // `report` is called last, so that the keys are published even if a subscriber or a
        // recorder panics.
        let _ = catch_unwind(AssertUnwindSafe(|| {
            report(&self.issuer, &outcome, self.listener.as_ref());
        }));
    }
}

impl Published {
    /// Returns the current key set, or `None` before the first one and after its expiry.
    pub(super) fn held(&self) -> Option<&Arc<KeySet>> {
        let held = self.set.as_ref()?;
        let expired = held.keep_until.is_some_and(|until| until <= Instant::now());
        (!expired).then_some(&held.set)
    }

    /// Returns the current key set, even after its expiry, or `None` before the first one.
    fn last(&self) -> Option<Arc<KeySet>> {
        self.set.as_ref().map(|held| Arc::clone(&held.set))
    }

    /// Updates the schedule and the published key set under one lock, so that each request sees
    /// both updates or none of them.
    fn record(
        &mut self,
        cache: &mut FetchSchedule,
        fetch: FetchNumber,
        new: Option<Arc<KeySet>>,
        result: FetchResult,
        now: Instant,
        rng: &mut Rng,
    ) {
        // An aborted task may still finish its fetch. The result of the aborted task must not
        // replace the result of a later fetch.
        if fetch != cache.current_fetch() {
            return;
        }
        let error = match result {
            FetchResult::Success(extent, lifetime) => {
                cache.record_success(now, lifetime, extent, rng.f64());
                None
            }
            FetchResult::Outdated(error) => {
                cache.record_outdated(now, rng.u64(..));
                Some(error)
            }
            FetchResult::Failure(error) => {
                cache.record_failure(now, rng.u64(..));
                Some(error)
            }
        };
        let keep_until = cache.keep_until();
        match (&mut self.set, new) {
            // If the new key set equals the current key set, the current `Arc` is kept. Cached
            // tokens that were verified with this `Arc` then need no check against the new key set.
            (Some(held), Some(set)) if held.set == set => held.keep_until = keep_until,
            (place, Some(set)) => *place = Some(HeldSet { set, keep_until }),
            (Some(held), None) => held.keep_until = keep_until,
            (None, None) => {}
        }
        self.last_error = error;
        self.last_fetch = fetch;
    }
}

/// Fetches the keys, in an endless loop, whenever the schedule or a request demands a fetch. `rng`
/// spreads the fetches of many servers over time.
pub(super) async fn run_fetches(
    shared: Arc<Shared>,
    mut source: impl KeySource,
    mut rng: Rng,
    pulse: Arc<Pulse>,
) {
    loop {
        pulse.beat();
        let (action, fetch) = shared.next();
        match action {
            Action::Fetch(cause) => {
                let span = telemetry::fetch(&shared.issuer);
                let outcome = pulse.during(source.fetch(cause).instrument(span)).await;
                shared.publish(fetch, outcome, &mut rng);
            }
            Action::WaitUntil(time) => {
                // After a wakeup and after the timeout, the loop reads the schedule again.
                let _ = timeout_at(time, shared.wake.notified()).await;
            }
            Action::Wait => shared.wake.notified().await,
        }
    }
}

#[cfg(test)]
mod interleavings;
