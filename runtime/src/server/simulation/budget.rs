//! The budget of the fetches that requests cause, computed from the fetches in the log.

use super::bounds::{GAIN, RESERVE};
use super::log::Moment;

/// The budget, stored as the moment at which the reserve is full again.
#[derive(Debug, Default)]
pub(super) struct Budget {
    full_at: Moment,
}

impl Budget {
    /// Takes a fetch at the moment `now`. Returns false if the budget does not allow this fetch.
    pub(super) fn take(&mut self, now: Moment) -> bool {
        let is_allowed = !self.is_empty(now);
        self.full_at = (self.full_at.max(now) + GAIN).min(now + GAIN * RESERVE);
        is_allowed
    }

    pub(super) fn is_empty(&self, now: Moment) -> bool {
        self.full_at.saturating_sub(now) > GAIN * (RESERVE - 1)
    }
}
