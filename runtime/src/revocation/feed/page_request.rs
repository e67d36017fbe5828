//! Sizes and times of the requests for a page of the log.

use std::time::Duration;

use super::super::log::LogPosition;
use super::resync_cause::ResyncCause;

/// Largest number of records in a page.
pub(super) const PAGE: usize = 1000;

/// Longest time for which a page of a follower that has read everything waits for a record.
pub(super) const HEARTBEAT: Duration = Duration::from_millis(250);

/// Time for which other pages wait. It is not zero, which some stores take as forever.
pub(super) const NO_WAIT: Duration = Duration::from_millis(1);

/// Largest number of records in the next page. A slow log may not send a large page in time, so each
/// failure halves the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PageSize(usize);

impl PageSize {
    pub(super) const LARGEST: Self = Self(PAGE);

    /// Smallest size.
    const SMALLEST: usize = 8;

    pub(super) fn get(self) -> usize {
        self.0
    }

    /// Records that a page could not be read.
    pub(super) fn shrink(&mut self) {
        self.0 = (self.0 / 2).max(Self::SMALLEST);
    }

    /// Records that a page of this size was read.
    pub(super) fn grow(&mut self) {
        self.0 = self.0.saturating_add(self.0 / 2).min(PAGE);
    }
}

/// The next page to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) after: Option<LogPosition>,
    pub(super) wait: Duration,
    /// Largest number of records in the page.
    pub(super) limit: usize,
    /// Reason why the request begins a resync.
    pub(super) resync: Option<ResyncCause>,
}
