//! Schedule of the fetches of one issuer's keys, as a pure state machine:
//! (state, time, event) -> action.
//!
//! `FetchSchedule` holds no keys, opens no socket and reads no clock. Callers pass the time as an argument,
//! so that tests need not wait.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use tokio::time::Instant;

use super::pace::RETRY;
pub(crate) use super::pace::{DEFAULT_LIFETIME, LIFETIME, Pace};

/// Shortest time between two fetches that requests cause, and between two fetches that reloads
/// cause.
pub(crate) const COOL_DOWN: Duration = Duration::from_secs(10);
/// Number that identifies a fetch. The first fetch has the number 1.
pub(crate) type FetchNumber = u64;

/// Cause of a fetch. The causes are ordered: a later one demands all that an earlier one demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FetchCause {
    /// The token of a request needs a key that the current key set does not contain.
    UnknownKey,
    /// The first fetch, a refresh, or a retry after a failed fetch.
    Schedule,
    /// An operator's reload.
    Reload,
}

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
    /// Earliest time at which a request may cause a fetch. A scheduled refresh does not change this
    /// time. If the issuer rotates its keys right after a refresh, a request can therefore cause
    /// another fetch.
    next_demand: Option<Instant>,
    /// Earliest time at which an operator's reload may cause a fetch. This time is separate from
    /// `next_demand`, so that fetches for requests do not delay reloads.
    next_reload: Option<Instant>,
    failing: Option<Failing>,
}

#[derive(Debug, Clone, Copy)]
struct HeldTimes {
    loaded_at: Instant,
    refresh_at: Instant,
    /// `None` if the keys do not expire.
    keep_until: Option<Instant>,
}

#[derive(Debug)]
struct Failing {
    retry_at: Instant,
    delays: ExponentialBackoff,
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
    /// The caller must wait for this fetch. The fetch began before the call, so a second fetch may
    /// find newer keys.
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
            next_demand: None,
            next_reload: None,
            failing: None,
        }
    }

    /// Records a configured key set as the result of a fetch at the time `now`, with a lifetime
    /// that has already passed, so that a refresh is due.
    pub(crate) fn seed(&mut self, now: Instant) {
        let keep_until = self.pace.keep_until(now);
        self.held = Some(HeldTimes { loaded_at: now, refresh_at: now, keep_until });
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

    /// Records a request whose token needs a key that the current key set does not contain.
    ///
    /// The request may cause a fetch before the next scheduled retry, even while there is no usable
    /// key set. The first request after an outage therefore causes a fetch immediately.
    pub(crate) fn demand(&mut self, now: Instant) -> Demand {
        let (demand, next) = self.request_fetch(FetchCause::UnknownKey, self.next_demand, now);
        self.next_demand = next;
        demand
    }

    /// Records an operator's reload.
    pub(crate) fn reload(&mut self, now: Instant) -> Demand {
        let (demand, next) = self.request_fetch(FetchCause::Reload, self.next_reload, now);
        self.next_reload = next;
        demand
    }

    /// Requests a fetch on behalf of a caller, which may cause a fetch at the time `next` or later.
    /// Returns the `Demand` and the new value of `next`.
    fn request_fetch(
        &mut self,
        cause: FetchCause,
        next: Option<Instant>,
        now: Instant,
    ) -> (Demand, Option<Instant>) {
        let next_fetch = self.current_fetch.saturating_add(1);
        if self.in_flight.is_some() {
            return (Demand::Join(self.current_fetch), next);
        }
        if self.requested.is_some() {
            self.requested = self.requested.max(Some(cause));
            return (Demand::Await(next_fetch), next);
        }
        if next.is_some_and(|next| now < next) {
            return (Demand::Refuse, next);
        }
        self.requested = Some(cause);
        (Demand::Await(next_fetch), Some(now + COOL_DOWN))
    }

    /// Records a fetch that returned a set or confirmed the current set. `jitter` is between 0 and
    /// 1 and spreads the refreshes of many servers over time.
    pub(crate) fn record_success(&mut self, now: Instant, lifetime: Option<Duration>, jitter: f64) {
        let refresh_at = now + self.pace.refresh_after(lifetime, jitter);
        self.in_flight = None;
        self.failing = None;
        let keep_until = self.pace.keep_until(refresh_at);
        self.held = Some(HeldTimes { loaded_at: now, refresh_at, keep_until });
    }

    /// Records a fetch that failed. `seed` determines the jitter of the following retries.
    pub(crate) fn record_failure(&mut self, now: Instant, seed: u64) {
        self.in_flight = None;
        let mut delays = match self.failing.take() {
            Some(failing) => failing.delays,
            None => delays(seed),
        };
        let delay = delays.next().unwrap_or(RETRY.1).min(self.pace.longest_retry());
        self.failing = Some(Failing { retry_at: now + delay, delays });
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

    /// Returns the time until the next attempt to fetch, for the `Retry-After` header of a response
    /// to a request that finds no keys.
    pub(crate) fn retry_after(&self, now: Instant) -> Duration {
        let retry = self.failing.as_ref().map(|failing| failing.retry_at);
        let next = retry.into_iter().chain(self.next_demand).min();
        next.map_or(Duration::ZERO, |next| next.saturating_duration_since(now))
    }
}

fn delays(seed: u64) -> ExponentialBackoff {
    let (least, most) = RETRY;
    ExponentialBuilder::new()
        .with_min_delay(least)
        .with_max_delay(most)
        .with_jitter()
        .with_jitter_seed(seed)
        .without_max_times()
        .build()
}

#[cfg(test)]
mod tests;
