//! The highest position that the first record of the log may have.
//!
//! If the log begins later, records were removed that this server may not have read. An announcement
//! in the log permits to remove records.

use super::super::log::{LogPage, LogPosition};
use super::super::record::Trimmed;
use super::super::timestamp::Timestamp;
use super::resync_cause::ResyncCause;
use super::trim::MARGIN;

/// Highest position that the first record of the log may have.
#[derive(Debug, Default)]
pub(super) struct Floor {
    /// The position. `None` if the log had no record.
    position: Option<LogPosition>,
    /// True if the log had no record before the last page.
    was_empty: bool,
    /// True if an announcement was early.
    was_early: bool,
}

impl Floor {
    /// Takes the first record of the log from a page, if no earlier page had one.
    pub(super) fn begin(&mut self, page: &LogPage) {
        self.was_empty = self.position.is_none();
        if self.was_empty {
            self.position = [page.state.first, page.first_record()].into_iter().flatten().min();
        }
    }

    /// Applies an announcement at this position, of this time. It permits only the removal of earlier
    /// records, and nothing if the log had lost records before that this server expects. It is early
    /// if its instance has a clock that is further ahead than `MARGIN`: the records may not have ended.
    pub(super) fn permit(
        &mut self,
        records: Trimmed,
        position: LogPosition,
        time: Timestamp,
        now: Timestamp,
    ) {
        if time > now.plus(MARGIN) {
            self.was_early = true;
        } else if Some(records.from) <= self.position {
            self.position = self.position.max(Some(records.before.min(position)));
        }
    }

    /// Returns true if the log of the last page may begin with this record. `None` stands for a log
    /// that had no record yet when the page was read.
    pub(super) fn allows(&self, first: Option<LogPosition>) -> bool {
        match first {
            None => self.was_empty,
            Some(_) => first <= self.position,
        }
    }

    /// Returns the cause of a removal of records that no announcement permits.
    pub(super) fn cause(&self) -> ResyncCause {
        if self.was_early { ResyncCause::EarlyTrim } else { ResyncCause::Gap }
    }
}
