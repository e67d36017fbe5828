//! A part of a log, as one call reads it.

use super::LogPosition;

/// Largest length of a lineage in bytes.
const LINEAGE_LIMIT: usize = 1024;

/// Part of a [`RevocationLog`](super::RevocationLog), and the state of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogPage {
    /// The state of the log when the records were read, or a little earlier.
    pub state: LogState,
    /// The records with their positions, oldest first.
    pub records: Vec<(LogPosition, String)>,
}

/// State of a [`RevocationLog`](super::RevocationLog), by which readers recognize that records were
/// lost.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogState {
    /// A text that changes when another copy of the log takes over, for example the replication
    /// identifier of a Redis server. Records may have been lost then.
    pub lineage: String,
    /// The position of the first record that the log still has. `None` if the log is empty.
    pub first: Option<LogPosition>,
    /// The highest position that the log has ever given to a record, even if the record was removed.
    /// `None` if it has not given any.
    pub last: Option<LogPosition>,
}

impl LogPage {
    /// Creates a page.
    #[must_use]
    pub fn new(state: LogState, records: Vec<(LogPosition, String)>) -> Self {
        Self { state, records }
    }

    /// Returns the position of the first record of the page.
    pub(crate) fn first_record(&self) -> Option<LogPosition> {
        self.records.first().map(|(position, _)| *position)
    }

    /// Returns true if the page can be that after `position`, and does not contradict itself.
    pub(crate) fn is_consistent_after(&self, position: Option<LogPosition>) -> bool {
        let LogState { lineage, first, last } = &self.state;
        let positions = self.records.iter().map(|(position, _)| Some(*position));
        let ascending = std::iter::once(position).chain(positions);
        lineage.len() <= LINEAGE_LIMIT && first <= last && ascending.is_sorted_by(|a, b| a < b)
    }
}

impl LogState {
    /// Creates a state.
    #[must_use]
    pub fn new(
        lineage: impl Into<String>,
        first: Option<LogPosition>,
        last: Option<LogPosition>,
    ) -> Self {
        Self { lineage: lineage.into(), first, last }
    }
}
