//! The life of one issuer's keys, as a pure state machine: (state, now, event) -> what to do.
//!
//! It holds no keys, opens no socket and reads no clock. Time is an argument, so that a day passes
//! in a test as fast as it is written down.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use tokio::time::Instant;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// How long a set may be used by what its answer said, at least and at most.
pub(crate) const LIFETIME: (Duration, Duration) =
    (Duration::from_secs(5 * MINUTE), Duration::from_secs(24 * HOUR));
/// The lifetime of an answer that says nothing about it.
pub(crate) const DEFAULT_LIFETIME: Duration = Duration::from_secs(HOUR);
/// How long good keys outlive the refresh that fails. A key that is withdrawn right after a load is
/// refused after four fifths of the lifetime then, so within a day, and after that and this where
/// the issuer cannot be asked.
pub(crate) const OUTAGE: Duration = Duration::from_secs(10 * HOUR);
/// Between two fetches that requests cause.
pub(crate) const COOL_DOWN: Duration = Duration::from_secs(10);
/// Between two attempts when fetches fail: from, to.
pub(crate) const RETRY: (Duration, Duration) =
    (Duration::from_secs(1), Duration::from_secs(MINUTE));

/// The number of a fetch, counted from 1.
pub(crate) type FetchNumber = u64;

#[derive(Debug)]
pub(crate) struct Cache {
    held: Option<HeldTimes>,
    /// Fetches begun so far.
    begun: FetchNumber,
    in_flight: bool,
    /// A request waits for a fetch that has not begun.
    wanted: bool,
    /// Requests may cause a fetch from then on. Only they move it: a refresh by schedule leaves the
    /// one in reserve that a rotation right after it needs.
    next_demand: Option<Instant>,
    /// The same for those whom an operator causes: a flood of requests does not use them up.
    next_reload: Option<Instant>,
    failing: Option<Failing>,
}

#[derive(Debug, Clone, Copy)]
struct HeldTimes {
    loaded_at: Instant,
    refresh_at: Instant,
    keep_until: Instant,
}

#[derive(Debug)]
struct Failing {
    retry_at: Instant,
    delays: ExponentialBackoff,
}

/// What the one who fetches has to do next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Fetch,
    WaitUntil(Instant),
    /// Nothing is due before somebody asks.
    Wait,
}

/// What becomes of a request whose key is not at hand.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Demand {
    /// Wait for this fetch, which begins after the request came and so sees what the issuer
    /// publishes now.
    Await(FetchNumber),
    /// Wait for this fetch; it had begun before, so it may be worth asking once more.
    Join(FetchNumber),
    /// No fetch: what is held, be it nothing, is the answer.
    Refuse,
}

impl Cache {
    pub(crate) fn new() -> Self {
        Self {
            held: None,
            begun: 0,
            in_flight: false,
            wanted: true,
            next_demand: None,
            next_reload: None,
            failing: None,
        }
    }

    /// A set that nobody fetched is held: as if it had been fetched now, and its time were over.
    pub(crate) fn seeded(&mut self, now: Instant) {
        self.held = Some(HeldTimes { loaded_at: now, refresh_at: now, keep_until: now + OUTAGE });
    }

    /// What to do now. `Action::Fetch` begins a fetch, whose end is told by
    /// [`loaded`](Self::loaded) or [`failed`](Self::failed).
    pub(crate) fn next(&mut self, now: Instant) -> Action {
        match self.due(now) {
            Some(due) if due <= now => {
                self.wanted = false;
                self.in_flight = true;
                self.begun = self.begun.saturating_add(1);
                Action::Fetch
            }
            Some(due) => Action::WaitUntil(due),
            None => Action::Wait,
        }
    }

    /// When the next fetch begins, as far as is known.
    pub(crate) fn due(&self, now: Instant) -> Option<Instant> {
        match (&self.failing, &self.held) {
            _ if self.wanted => Some(now),
            (Some(failing), _) => Some(failing.retry_at),
            (None, Some(held)) => Some(held.refresh_at),
            (None, None) => None,
        }
    }

    /// A request needs a key that is not held. It may cause a fetch whether the set lacks the key
    /// or there is no set: the first request after the issuer came back need not wait for the
    /// retry that the backoff has put off.
    pub(crate) fn demand(&mut self, now: Instant) -> Demand {
        let (demand, next) = self.want(self.next_demand, now);
        self.next_demand = next;
        demand
    }

    /// An operator wants what the issuer publishes now.
    pub(crate) fn reload(&mut self, now: Instant) -> Demand {
        let (demand, next) = self.want(self.next_reload, now);
        self.next_reload = next;
        demand
    }

    /// By somebody who may cause a fetch from `next` on; and from when on again.
    fn want(&mut self, next: Option<Instant>, now: Instant) -> (Demand, Option<Instant>) {
        let coming = self.begun.saturating_add(1);
        if self.in_flight {
            return (Demand::Join(self.begun), next);
        }
        if self.wanted {
            return (Demand::Await(coming), next);
        }
        if next.is_some_and(|next| now < next) {
            return (Demand::Refuse, next);
        }
        self.wanted = true;
        (Demand::Await(coming), Some(now + COOL_DOWN))
    }

    /// The fetch brought a set, or the word that it has not changed. `jitter` is in 0..1 and
    /// spreads the refreshes of many servers.
    pub(crate) fn loaded(&mut self, now: Instant, lifetime: Option<Duration>, jitter: f64) {
        let (least, most) = LIFETIME;
        let lifetime = lifetime.unwrap_or(DEFAULT_LIFETIME).clamp(least, most);
        let refresh_at = now + lifetime.mul_f64(0.8 - 0.1 * jitter.clamp(0.0, 1.0));
        self.in_flight = false;
        self.failing = None;
        self.held = Some(HeldTimes { loaded_at: now, refresh_at, keep_until: refresh_at + OUTAGE });
    }

    /// The fetch failed. `seed` chooses the jitter of the coming retries.
    pub(crate) fn failed(&mut self, now: Instant, seed: u64) {
        self.in_flight = false;
        let mut delays = match self.failing.take() {
            Some(failing) => failing.delays,
            None => delays(seed),
        };
        let delay = delays.next().unwrap_or(RETRY.1).min(RETRY.1);
        self.failing = Some(Failing { retry_at: now + delay, delays });
    }

    /// Whoever was fetching is gone, and with it the fetch.
    pub(crate) fn abandoned(&mut self) {
        self.wanted |= self.in_flight;
        self.in_flight = false;
    }

    /// The number of the fetch that began last.
    pub(crate) fn begun(&self) -> FetchNumber {
        self.begun
    }

    /// When the last good answer came.
    pub(crate) fn loaded_at(&self) -> Option<Instant> {
        self.held.map(|held| held.loaded_at)
    }

    /// Until when the keys of the last good answer may be used.
    pub(crate) fn keep_until(&self) -> Option<Instant> {
        self.held.map(|held| held.keep_until)
    }

    /// How long until the next attempt, for a request that finds no keys.
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
