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

/// The next page to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) after: Option<LogPosition>,
    pub(super) wait: Duration,
    /// Reason why the request begins a resync.
    pub(super) resync: Option<ResyncCause>,
}
