//! The log of one issuer: its fetches, its answers and the keys that it published. `invariants` and
//! `rate` read the log.

use std::time::Duration;

use super::bounds::Times;
use super::budget::Budget;
use super::signing::{KEYS, same_kid};

/// The time since the start of the schedule.
pub(super) type Moment = Duration;

/// The set of published keys, with one bit for each key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Published(pub(super) u8);

impl Published {
    pub(super) fn has(self, key: u8) -> bool {
        self.0 & (1 << key) != 0
    }

    /// Returns true if a published key has the same `kid` as this key.
    pub(super) fn has_kid(self, key: u8) -> bool {
        same_kid(key).any(|key| self.has(key))
    }

    /// Publishes this key, and withdraws the key with the same `kid`.
    pub(super) fn with(self, key: u8) -> Self {
        let others = same_kid(key).fold(self, Self::without);
        Self(others.0 | (1 << key))
    }

    pub(super) fn without(self, key: u8) -> Self {
        Self(self.0 & !(1 << key))
    }

    pub(super) fn only(key: u8) -> Self {
        Self(1 << key)
    }

    /// Returns the first published key in the cyclic order that starts at `key`.
    pub(super) fn next_from(self, key: u8) -> Option<u8> {
        (0..KEYS).map(|step| (key + step) % KEYS).find(|key| self.has(*key))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fetch {
    pub(super) started_at: Moment,
    /// True if a request was waiting at the moment `started_at`, or arrived or ended at that
    /// moment.
    pub(super) on_demand: bool,
    pub(super) end: Option<(Moment, Outcome)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Set(Answer),
    Failed,
    /// The server dropped the future of the fetch before the fetch had ended.
    Abandoned,
}

/// A response of the issuer with a valid key set. It contains the keys that were published at the
/// moment `as_of`, and states the lifetime of the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) keys: Published,
    pub(super) as_of: Moment,
    pub(super) lifetime: Option<Duration>,
    /// The location that returned the key set. The issuer numbers its locations.
    pub(super) location: usize,
    /// The exchange for the metadata in the same fetch.
    pub(super) metadata: MetadataExchange,
}

/// The exchange for the metadata in a fetch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum MetadataExchange {
    #[default]
    None,
    /// The metadata named this location.
    Valid(usize),
    Failed,
}

#[derive(Debug, Default)]
pub(super) struct Log {
    pub(super) fetches: Vec<Fetch>,
    /// The changes of the published keys, oldest first.
    published: Vec<(Moment, Published)>,
    /// The moments at which the issuer moved its key set to the next location.
    moves: Vec<Moment>,
    /// The last valid answer, with the times that follow from it.
    held: Option<(Answer, Times)>,
    /// The number of requests whose result is not yet known.
    pub(super) waiting: usize,
    /// The last moment at which `waiting` changed.
    pub(super) last_change: Option<Moment>,
    /// The budget if each fetch that began while a request was waiting counts, even a scheduled one.
    /// The server may have a larger budget.
    least_budget: Budget,
    /// The moment at which the server refused a signature by a key that it holds, and had to begin a
    /// fetch.
    pub(super) fetch_owed: Option<Moment>,
}

impl Log {
    pub(super) fn publish(&mut self, now: Moment, keys: Published) {
        self.published.push((now, keys));
    }

    pub(super) fn move_keys(&mut self, now: Moment) {
        self.moves.push(now);
    }

    /// Returns the number of the location at which the issuer publishes its keys now.
    pub(super) fn location(&self) -> usize {
        self.moves.len()
    }

    /// Returns the moment at which the issuer left this location, or `at` if it had not left the
    /// location by then. A location serves the keys of that moment for ever.
    pub(super) fn last_update(&self, location: usize, at: Moment) -> Moment {
        self.moves.get(location).map_or(at, |left| at.min(*left))
    }

    pub(super) fn published(&self, at: Moment) -> Published {
        self.published
            .iter()
            .rev()
            .find(|(since, _)| *since <= at)
            .map_or(Published(0), |(_, keys)| *keys)
    }

    /// Returns the moment since which the key has been in its current state, published or absent,
    /// without a change.
    pub(super) fn unchanged_since(&self, key: u8) -> Moment {
        let last = self.published.last().map(|(_, keys)| keys.has(key));
        let mut since = Moment::MAX;
        for (at, keys) in self.published.iter().rev() {
            if Some(keys.has(key)) != last {
                break;
            }
            since = *at;
        }
        since
    }

    pub(super) fn begin(&mut self, now: Moment) {
        let on_demand = self.waiting > 0 || self.last_change == Some(now);
        if on_demand {
            self.least_budget.take(now);
        }
        self.fetch_owed = self.fetch_owed.filter(|since| *since != now);
        let end = None;
        self.fetches.push(Fetch { started_at: now, on_demand, end });
    }

    pub(super) fn end(&mut self, now: Moment, outcome: Outcome) {
        if let Outcome::Set(answer) = outcome {
            let times = Times::after(self.held.map(|(_, times)| times), now, &answer);
            self.held = Some((answer, times));
        }
        if let Some(fetch) = self.fetches.last_mut() {
            fetch.end = Some((now, outcome));
        }
    }

    /// Returns true if the budget may be empty.
    pub(super) fn may_lack_budget(&self, now: Moment) -> bool {
        self.least_budget.is_empty(now)
    }

    /// Records that the server immediately refused a signature by a key that it holds.
    pub(super) fn refuse_signature(&mut self, now: Moment) {
        if !self.under_way() && !self.may_lack_budget(now) {
            self.fetch_owed = Some(now);
        }
    }

    pub(super) fn under_way(&self) -> bool {
        self.fetches.last().is_some_and(|fetch| fetch.end.is_none())
    }

    /// Returns the last valid answer, with the times that follow from it.
    pub(super) fn held(&self) -> Option<(Answer, Times)> {
        self.held
    }
}
