//! Entries of the log that the list has no room for, and the time of the next attempt.

use std::time::Duration;

use super::super::timestamp::Timestamp;

/// Time after which an entry that did not fit into the list is tried again.
const RETRY: Duration = Duration::from_secs(30);

/// Entries that did not fit into the list.
#[derive(Debug, Default)]
pub(super) struct Overflow {
    /// Time at which the last complete reading of the log met one.
    since: Option<Timestamp>,
    /// True if the current reading has met one.
    is_met: bool,
}

impl Overflow {
    /// Begins to read the log from its start.
    pub(super) fn restart(&mut self) {
        self.is_met = false;
    }

    /// Records that an entry did not fit.
    pub(super) fn meet(&mut self) {
        self.is_met = true;
    }

    /// Records that the end of the log was reached. A resync has tried all earlier entries again.
    pub(super) fn reach_end(&mut self, ends_resync: bool, now: Timestamp) {
        if ends_resync {
            self.since = None;
        }
        if std::mem::take(&mut self.is_met) {
            self.since.get_or_insert(now);
        }
    }

    /// Returns true if the entries must be tried again.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        self.since.is_some_and(|since| since.distance(now) >= RETRY)
    }

    /// Returns true if an entry did not fit.
    pub(super) fn exists(&self) -> bool {
        self.since.is_some() || self.is_met
    }
}
