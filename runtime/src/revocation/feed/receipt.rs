//! Meaning of a page of the log, and the result of applying it.

use super::super::log::{LogPage, LogPosition};
use super::super::record::{self, Record};
use super::super::target::Revocation;
use super::super::timestamp::Timestamp;
use super::resync_cause::ResyncCause;

/// Meaning of a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Receipt {
    /// Revocations for the list, with their ends.
    pub(super) revocations: Vec<(Revocation, Timestamp)>,
    /// Generation in which the log has these revocations. Zero if that is not certain.
    pub(super) generation: u32,
    /// Position of the first record that cannot be read and was not known, and the number of them.
    pub(super) unreadable: Option<(LogPosition, usize)>,
    pub(super) verdict: Verdict,
}

impl Receipt {
    /// Creates a receipt without revocations.
    pub(super) fn new(verdict: Verdict, generation: u32) -> Self {
        Self { revocations: Vec::new(), generation, unreadable: None, verdict }
    }

    /// Returns the meaning of a page that contradicts what was read. Its records are revocations in
    /// any case. The next reading of the log judges those that cannot be read.
    pub(super) fn of_contradiction(page: &LogPage, cause: ResyncCause) -> Self {
        let mut receipt = Self::new(Verdict::Resync(cause), 0);
        for (_, text) in &page.records {
            if let Ok(Record::Revocation(revocation, until)) = record::read(text) {
                receipt.revocations.push((revocation, until));
            }
        }
        receipt
    }
}

/// Position of the follower in the log after a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// There may be more records.
    Behind,
    /// The follower has read all records.
    CaughtUp { ends_resync: bool },
    /// The log is not the continuation of what was read: the next request begins a resync.
    Resync(ResyncCause),
}

/// Result of applying the revocations of a page to the list.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Applied {
    /// True if the list had no room for one of them.
    pub(super) is_full: bool,
    /// Latest end of those that were skipped because they had ended.
    pub(super) latest_ended: Timestamp,
}
