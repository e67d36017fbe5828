//! Schedule of the fetches of one issuer's keys, as a pure state machine:
//! (state, time, event) -> action.
//!
//! `FetchSchedule` holds no keys, opens no socket and reads no clock. Callers pass the time as an
//! argument, so that tests need not wait.

mod bucket;
mod cause;
mod failing;
mod held_times;
mod pace;

use std::time::Duration;

use tokio::time::Instant;

use self::bucket::Bucket;
pub(crate) use self::cause::FetchCause;
use self::failing::Failing;
pub(crate) use self::held_times::Extent;
use self::held_times::HeldTimes;
pub(crate) use self::pace::{DEFAULT_LIFETIME, Pace};

/// Shortest time between two fetches that reloads cause.
pub(crate) const RELOAD_INTERVAL: Duration = Duration::from_secs(10);

/// Number that identifies a fetch. The first fetch has the number 1.
pub(crate) type FetchNumber = u64;

/// Schedule of the fetches of one issuer's keys.
#[derive(Debug)]
pub(crate) struct FetchSchedule {
    pace: Pace,
    held: Option<HeldTimes>,
    /// Number of the fetch that began last.
    current_fetch: FetchNumber,
    /// Cause of the fetch that has begun and not ended.
    in_flight: Option<FetchCause>,
    /// Cause of a fetch that is due immediately and that the fetch task has not begun.
    requested: Option<FetchCause>,
    /// Fetches that requests may cause. Scheduled fetches do not count. If the issuer rotates its
    /// keys right after a refresh, a request can therefore cause another fetch.
    bucket: Bucket,
    /// Earliest time at which an operator's reload may cause a fetch. Fetches for requests do not
    /// delay reloads.
    next_reload: Option<Instant>,
    failing: Option<Failing>,
}

/// Next step of the fetch task.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Fetch(FetchCause),
    WaitUntil(Instant),
    /// No fetch is scheduled. The fetch task waits until a request wakes it.
    Wait,
}

/// Result of [`FetchSchedule::demand`] and [`FetchSchedule::reload`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Demand {
    /// The caller must wait for this fetch. The fetch begins after the call, so it sees the keys
    /// that the issuer publishes at the time of the call.
    Await(FetchNumber),
    /// The caller must wait for this fetch, which may have ended. The fetch began before the call, so
    /// a second fetch may find newer keys.
    Join(FetchNumber),
    /// No fetch is allowed now. The caller must use the current key set, or fail if there is no
    /// usable key set.
    Refuse,
}

impl FetchSchedule {
    pub(crate) fn new(pace: Pace) -> Self {
        Self {
            pace,
            held: None,
            current_fetch: 0,
            in_flight: None,
            requested: Some(FetchCause::Schedule),
            bucket: Bucket::default(),
            next_reload: None,
            failing: None,
        }
    }

    /// Records a configured key set as the result of a fetch at the time `now`, with a lifetime
    /// that has already passed, so that a refresh is due.
    pub(crate) fn seed(&mut self, now: Instant) {
        self.held = Some(HeldTimes::of_seed(now, self.pace));
    }

    /// Returns the next step of the fetch task. If the step is [`Action::Fetch`], the caller must
    /// record the end of the fetch with [`record_success`](Self::record_success) or
    /// [`record_failure`](Self::record_failure).
    pub(crate) fn next(&mut self, now: Instant) -> Action {
        let scheduled = self.scheduled();
        let is_due = scheduled.is_some_and(|due| due <= now);
        let cause = self.requested.max(is_due.then_some(FetchCause::Schedule));
        match (cause, scheduled) {
            (Some(cause), _) => {
                self.requested = None;
                self.in_flight = Some(cause);
                self.current_fetch = self.current_fetch.saturating_add(1);
                Action::Fetch(cause)
            }
            (None, Some(due)) => Action::WaitUntil(due),
            (None, None) => Action::Wait,
        }
    }

    /// Returns the time of the next fetch, if a fetch is scheduled.
    pub(crate) fn due(&self, now: Instant) -> Option<Instant> {
        if self.requested.is_some() { Some(now) } else { self.scheduled() }
    }

    /// Returns the time of the next refresh or retry.
    fn scheduled(&self) -> Option<Instant> {
        match (&self.failing, &self.held) {
            (Some(failing), _) => Some(failing.retry_at),
            (None, Some(held)) => Some(held.refresh_at),
            (None, None) => None,
        }
    }

    /// Records a request whose token needs a key that the current key set does not contain, or
    /// fails by a key that the issuer may have replaced.
    ///
    /// The request may cause a fetch before the next scheduled retry, even without a usable key
    /// set. The first request after an outage therefore causes a fetch immediately.
    ///
    /// `seen` is the fetch that ended last when the request read the current key set. If another
    /// fetch has ended since, the request must read the key set again. Otherwise requests that
    /// arrive together could each cause a fetch.
    pub(crate) fn demand(&mut self, seen: FetchNumber, now: Instant) -> Demand {
        if let Some(demand) = self.pending() {
            return demand;
        }
        if self.current_fetch > seen {
            return Demand::Join(self.current_fetch);
        }
        if self.bucket.take(now) { self.request(FetchCause::UnknownKey) } else { Demand::Refuse }
    }

    /// Records an operator's reload.
    pub(crate) fn reload(&mut self, now: Instant) -> Demand {
        if let Some(demand) = self.pending() {
            // A requested fetch that has not begun becomes a reload.
            self.requested = self.requested.map(|cause| cause.max(FetchCause::Reload));
            return demand;
        }
        if self.next_reload.is_some_and(|next| now < next) {
            return Demand::Refuse;
        }
        self.next_reload = Some(now + RELOAD_INTERVAL);
        self.request(FetchCause::Reload)
    }

    /// Requests a fetch, which begins as soon as the fetch task reads the schedule.
    fn request(&mut self, cause: FetchCause) -> Demand {
        self.requested = Some(cause);
        Demand::Await(self.current_fetch.saturating_add(1))
    }

    /// Returns the fetch that is in flight, or that is due immediately.
    fn pending(&self) -> Option<Demand> {
        if self.in_flight.is_some() {
            return Some(Demand::Join(self.current_fetch));
        }
        self.requested.map(|_| Demand::Await(self.current_fetch.saturating_add(1)))
    }

    /// Records a fetch that returned a set or confirmed the current set. `jitter` is between 0 and
    /// 1 and spreads the refreshes of many servers over time.
    pub(crate) fn record_success(
        &mut self,
        now: Instant,
        lifetime: Option<Duration>,
        extent: Extent,
        jitter: f64,
    ) {
        self.in_flight = None;
        self.failing = None;
        self.held = Some(HeldTimes::after(
            self.held,
            now,
            self.pace.refresh_after(lifetime, jitter),
            extent,
            self.pace,
        ));
    }

    /// Records a fetch that returned a set or confirmed the current set, but whose metadata failed.
    /// The keys may come from a location that the issuer no longer uses, so this fetch does not
    /// extend the time for which keys are used. `seed` determines the jitter of the following
    /// retries.
    pub(crate) fn record_outdated(&mut self, now: Instant, seed: u64) {
        self.record_failure(now, seed);
        if let Some(held) = &mut self.held {
            held.loaded_at = now;
        }
    }

    /// Records a fetch that failed. `seed` determines the jitter of the following retries.
    pub(crate) fn record_failure(&mut self, now: Instant, seed: u64) {
        self.in_flight = None;
        self.failing = Some(Failing::after(self.failing.take(), now, self.pace, seed));
    }

    /// Records that the fetch task has ended. If a fetch was in flight, a new fetch is due
    /// immediately.
    pub(crate) fn record_abort(&mut self) {
        self.requested = self.requested.max(self.in_flight.take());
    }

    /// Returns the number of the fetch that began last.
    pub(crate) fn current_fetch(&self) -> FetchNumber {
        self.current_fetch
    }

    /// Returns the time of the last successful fetch, or the time at which a configured key set was
    /// recorded if no fetch has succeeded.
    pub(crate) fn loaded_at(&self) -> Option<Instant> {
        self.held.map(|held| held.loaded_at)
    }

    /// Returns the time until which the current keys may be used.
    pub(crate) fn keep_until(&self) -> Option<Instant> {
        self.held.and_then(|held| held.keep_until)
    }

    /// Returns the time until the next scheduled fetch or until a request may cause a fetch, for the
    /// `Retry-After` header of a response to a request that finds no keys.
    pub(crate) fn retry_after(&self, now: Instant) -> Duration {
        let until_demand = self.bucket.wait(now);
        self.failing.as_ref().map_or(until_demand, |failing| {
            failing.retry_at.saturating_duration_since(now).min(until_demand)
        })
    }
}

#[cfg(test)]
mod tests;
