//! What one issuer was asked and said, and what it published: all that a judge needs to know.

use std::time::Duration;

use super::signing::KEYS;

/// Since the schedule began.
pub(super) type Moment = Duration;

/// One bit for each key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Published(pub(super) u8);

impl Published {
    pub(super) fn has(self, key: u8) -> bool {
        self.0 & (1 << key) != 0
    }

    pub(super) fn with(self, key: u8) -> Self {
        Self(self.0 | (1 << key))
    }

    pub(super) fn without(self, key: u8) -> Self {
        Self(self.0 & !(1 << key))
    }

    pub(super) fn only(key: u8) -> Self {
        Self(1 << key)
    }

    /// One that is published: this, or the next.
    pub(super) fn next_from(self, key: u8) -> Option<u8> {
        let mut keys = (0..KEYS).map(|nth| (key + nth) % KEYS);
        keys.find(|key| self.has(*key))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fetch {
    pub(super) begun: Moment,
    /// Whether a request waited for it, or came just then.
    pub(super) asked: bool,
    pub(super) end: Option<(Moment, Outcome)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Set(Answer),
    Failed,
    /// Nobody waits for the answer any more.
    GivenUp,
}

/// A good answer: what was published at some moment, and for how long it may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) keys: Published,
    pub(super) as_of: Moment,
    pub(super) lifetime: Option<Duration>,
}

#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) fetches: Vec<Fetch>,
    /// When it changed, and to what.
    published: Vec<(Moment, Published)>,
    /// Requests that have no answer yet.
    pub(super) waiting: usize,
    /// When one came, or went, for the last time.
    pub(super) last_stir: Option<Moment>,
}

impl Ledger {
    pub(super) fn publish(&mut self, now: Moment, keys: Published) {
        self.published.push((now, keys));
    }

    pub(super) fn published(&self, at: Moment) -> Published {
        let known = self.published.iter().rev().find(|(since, _)| *since <= at);
        known.map_or(Published(0), |(_, keys)| *keys)
    }

    /// Since when it has been published without a break, or not published.
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
        let asked = self.waiting > 0 || self.last_stir == Some(now);
        let end = None;
        self.fetches.push(Fetch { begun: now, asked, end });
    }

    pub(super) fn end(&mut self, now: Moment, outcome: Outcome) {
        if let Some(fetch) = self.fetches.last_mut() {
            fetch.end = Some((now, outcome));
        }
    }

    pub(super) fn under_way(&self) -> bool {
        self.fetches.last().is_some_and(|fetch| fetch.end.is_none())
    }

    /// The good answer that came last, and when.
    pub(super) fn last_answer(&self) -> Option<(Moment, Answer)> {
        let good = |fetch: &Fetch| match fetch.end {
            Some((at, Outcome::Set(answer))) => Some((at, answer)),
            _ => None,
        };
        self.fetches.iter().rev().find_map(good)
    }
}
