//! One copy of the log: its records and the positions that it gives.

use std::collections::BTreeMap;
use std::ops::Bound;

use axum_protected::revocation::{LogPosition, LogState};

/// A copy of the log. Its positions follow a clock in milliseconds, as the identifiers of a Redis
/// stream do.
#[derive(Debug, Clone)]
pub(crate) struct LogCopy {
    lineage: String,
    /// The time that its clock lags behind, in milliseconds.
    lag: u64,
    last: Option<LogPosition>,
    records: BTreeMap<LogPosition, String>,
}

impl LogCopy {
    /// Creates an empty copy, which has never had a record.
    pub(crate) fn new(lineage: impl Into<String>, lag: u64) -> Self {
        Self { lineage: lineage.into(), lag, last: None, records: BTreeMap::new() }
    }

    /// Returns a copy that has not received the last `lost` records, and whose clock lags by `lag`.
    pub(crate) fn without_last(&self, lost: usize, lineage: impl Into<String>, lag: u64) -> Self {
        let kept = self.records.len().saturating_sub(lost);
        let records: BTreeMap<_, _> =
            self.records.iter().take(kept).map(|(at, text)| (*at, text.clone())).collect();
        let highest = if lost == 0 { self.last } else { records.keys().next_back().copied() };
        Self { lineage: lineage.into(), lag, last: highest, records }
    }

    /// Appends a record at the time `now`, in milliseconds, and returns its position.
    pub(crate) fn append(&mut self, now: u64, text: String) -> LogPosition {
        let major = now.saturating_sub(self.lag);
        let position = match self.last.map(LogPosition::numbers) {
            Some((last, minor)) if last >= major => LogPosition::new(last, minor + 1),
            _ => LogPosition::new(major, 0),
        };
        self.last = Some(position);
        self.records.insert(position, text);
        position
    }

    /// Returns at most `limit` records after a position, oldest first.
    pub(crate) fn after(
        &self,
        after: Option<LogPosition>,
        limit: usize,
    ) -> Vec<(LogPosition, String)> {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let later = self.records.range((start, Bound::Unbounded)).take(limit);
        later.map(|(position, text)| (*position, text.clone())).collect()
    }

    pub(crate) fn state(&self) -> LogState {
        LogState::new(self.lineage.clone(), self.records.keys().next().copied(), self.last)
    }

    /// Returns all records, oldest first.
    pub(crate) fn records(&self) -> impl DoubleEndedIterator<Item = (LogPosition, &str)> {
        self.records.iter().map(|(at, text)| (*at, text.as_str()))
    }

    /// Removes the records before a position, and returns their positions.
    pub(crate) fn trim(&mut self, before: LogPosition) -> Vec<LogPosition> {
        let kept = self.records.split_off(&before);
        std::mem::replace(&mut self.records, kept).into_keys().collect()
    }

    /// Deletes the copy with its positions, as `DEL` deletes a Redis stream. Its clock lags by `lag` from
    /// now on, so it may give lower positions than before.
    pub(crate) fn delete(&mut self, lag: u64) {
        self.records.clear();
        (self.last, self.lag) = (None, lag);
    }

    /// Removes one record. The highest position that was given stays the same.
    pub(crate) fn remove(&mut self, position: LogPosition) {
        self.records.remove(&position);
    }
}

#[test]
fn positions_rise_although_the_clock_is_set_back() {
    let mut copy = LogCopy::new("a", 0);
    let positions: Vec<_> = [5, 5, 7, 6].map(|now| copy.append(now, String::new())).to_vec();
    assert_eq!(positions, [(5, 0), (5, 1), (7, 0), (7, 1)].map(|(ms, n)| LogPosition::new(ms, n)));
}

#[test]
fn a_copy_that_lags_gives_lower_positions_than_the_one_before() {
    let mut old = LogCopy::new("a", 0);
    for now in [100, 200, 300] {
        old.append(now, now.to_string());
    }
    let mut new = old.without_last(2, "b", 150);
    assert_eq!(
        new.state(),
        LogState::new("b", Some(LogPosition::new(100, 0)), Some(LogPosition::new(100, 0)))
    );
    assert_eq!(new.append(301, "new".to_owned()), LogPosition::new(151, 0));
    // A reader with the last position of the old copy gets silence.
    assert!(new.after(old.state().last, 10).is_empty());
}

#[test]
fn a_deleted_copy_forgets_its_positions() {
    let mut copy = LogCopy::new("a", 0);
    copy.append(100, "old".to_owned());
    copy.delete(60);
    assert_eq!(copy.state(), LogState::new("a", None, None));
    assert_eq!(copy.append(101, "new".to_owned()), LogPosition::new(41, 0));
    assert_eq!(copy.records().count(), 1);
}

#[test]
fn removed_records_leave_the_highest_position() {
    let mut copy = LogCopy::new("a", 0);
    let positions = [1, 2, 3].map(|now| copy.append(now, now.to_string()));
    assert_eq!(copy.trim(positions[1]), [positions[0]]);
    copy.remove(positions[2]);
    assert_eq!(copy.state(), LogState::new("a", Some(positions[1]), Some(positions[2])));
    assert_eq!(copy.after(None, 9), [(positions[1], "2".to_owned())]);
    assert_eq!(copy.after(Some(positions[1]), 9), []);
    copy.remove(positions[1]);
    assert_eq!(copy.state(), LogState::new("a", None, Some(positions[2])));
}
