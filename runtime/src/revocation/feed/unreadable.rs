//! Records that this version cannot read. Each of them may be a revocation, so a server that has met
//! one may lack a revocation until the record is gone or must have ended.

use std::collections::BTreeMap;

use super::super::log::LogPosition;
use super::super::timestamp::Timestamp;

/// Largest number of records whose positions are remembered. Of further records, only the number, the
/// first and the last one are remembered.
const LIMIT: usize = 256;

/// Records that cannot be read.
#[derive(Debug, Default)]
pub(super) struct Unreadable {
    records: BTreeMap<LogPosition, Met>,
    further: Option<Further>,
}

/// Records beyond the limit.
#[derive(Debug, Clone, Copy)]
struct Further {
    /// Position at or before the first of them.
    first: LogPosition,
    last: LogPosition,
    /// The last of them.
    met: Met,
    /// Largest number of them that the log may have.
    count: usize,
}

#[derive(Debug, Clone, Copy)]
struct Met {
    first_seen: Timestamp,
    /// Last generation in which the log had the record.
    generation: u32,
}

impl Unreadable {
    /// Records that the log has an unreadable record at this position. Returns true if the record
    /// is new.
    pub(super) fn meet(&mut self, position: LogPosition, generation: u32, now: Timestamp) -> bool {
        if let Some(met) = self.records.get_mut(&position) {
            met.generation = generation;
            return false;
        }
        if let Some(further) = &mut self.further
            && position <= further.last
        {
            further.met.generation = generation;
            return false;
        }
        let met = Met { first_seen: now, generation };
        if self.records.len() < LIMIT {
            self.records.insert(position, met);
        } else {
            let (first, count) = self.further.map_or((position, 0), |one| (one.first, one.count));
            let count = count.saturating_add(1);
            self.further = Some(Further { first, last: position, met, count });
        }
        true
    }

    /// Forgets the records before the first record of the log. `None` stands for an empty log.
    pub(super) fn retain_from(&mut self, first: Option<LogPosition>) {
        match first {
            Some(first) => self.retain_positions(first, |position| first <= position),
            None => self.clear(),
        }
    }

    /// Forgets the records that a reading of the whole log did not meet.
    pub(super) fn retain_met_in(&mut self, generation: u32) {
        self.retain(|met| met.generation == generation);
    }

    /// Forgets the records up to this one, because the log has removed all of them.
    pub(super) fn retain_after(&mut self, last: LogPosition) {
        self.retain_positions(last, |position| last < position);
    }

    /// Forgets the records whose positions are not kept. No kept position is before `start`.
    fn retain_positions(&mut self, start: LogPosition, is_kept: impl Fn(LogPosition) -> bool) {
        self.records.retain(|position, _| is_kept(*position));
        let further = self.further.filter(|further| is_kept(further.last));
        self.further = further.map(|rest| Further { first: rest.first.max(start), ..rest });
    }

    /// Forgets all records, because the log is another one.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Forgets the records that were first seen before this time. A revocation in them has ended.
    pub(super) fn retain_seen_after(&mut self, time: Timestamp) {
        self.retain(|met| met.first_seen > time);
    }

    fn retain(&mut self, keep: impl Fn(&Met) -> bool) {
        self.records.retain(|_, met| keep(met));
        self.further = self.further.filter(|further| keep(&further.met));
    }

    /// Returns the first of the records.
    pub(super) fn first(&self) -> Option<LogPosition> {
        let first = self.records.keys().next().copied();
        first.or_else(|| self.further.map(|further| further.first))
    }

    /// Returns the last of the records.
    pub(super) fn last(&self) -> Option<LogPosition> {
        let further = self.further.map(|further| further.last);
        further.or_else(|| self.records.keys().next_back().copied())
    }

    /// Returns the number of the records.
    pub(super) fn count(&self) -> usize {
        let further = self.further.map_or(0, |further| further.count);
        self.records.len().saturating_add(further)
    }

    /// Returns true if the record at this position may be one of the records.
    pub(super) fn may_contain(&self, position: LogPosition) -> bool {
        self.records.contains_key(&position)
            || self.further.is_some_and(|further| position <= further.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: u64) -> Timestamp {
        Timestamp::from_parts(second, 0).unwrap()
    }

    fn place(number: u64) -> LogPosition {
        LogPosition::new(number, 0)
    }

    #[test]
    fn a_record_counts_until_it_is_gone_or_old() {
        let mut unreadable = Unreadable::default();
        assert!(unreadable.meet(place(1), 1, at(10)));
        assert!(unreadable.meet(place(2), 1, at(20)));
        assert!(!unreadable.meet(place(2), 1, at(30)), "it is known");
        assert_eq!(unreadable.count(), 2);
        unreadable.retain_from(Some(place(1)));
        assert_eq!(unreadable.count(), 2);
        unreadable.retain_from(Some(place(2)));
        assert_eq!(unreadable.first(), Some(place(2)));
        unreadable.retain_seen_after(at(19));
        assert_eq!(unreadable.count(), 1);
        unreadable.retain_seen_after(at(20));
        assert_eq!(unreadable.count(), 0);
    }

    #[test]
    fn a_reading_of_the_whole_log_forgets_removed_records() {
        let mut unreadable = Unreadable::default();
        unreadable.meet(place(1), 1, at(10));
        unreadable.meet(place(2), 1, at(10));
        unreadable.meet(place(2), 2, at(99));
        unreadable.retain_met_in(2);
        assert_eq!((unreadable.count(), unreadable.first()), (1, Some(place(2))));
        assert!(unreadable.may_contain(place(2)) && !unreadable.may_contain(place(1)));
    }

    #[test]
    fn many_records_take_a_bounded_memory_and_the_last_counts_longest() {
        let mut unreadable = Unreadable::default();
        for number in 1..=100_000 {
            assert!(unreadable.meet(place(number), 1, at(number)));
        }
        assert_eq!(unreadable.count(), 100_000);
        assert_eq!(unreadable.records.len(), LIMIT);
        for number in 1..=100_000 {
            assert!(!unreadable.meet(place(number), 2, at(number)), "{number} is known");
        }
        assert!(unreadable.may_contain(place(50_000)));
        unreadable.retain_met_in(2);
        unreadable.retain_seen_after(at(99_999));
        assert_eq!(unreadable.first(), Some(place(257)));
        assert_eq!(unreadable.last(), Some(place(100_000)));
        unreadable.retain_from(None);
        assert_eq!(unreadable.count(), 0);
    }

    #[test]
    fn further_records_count_until_all_of_them_are_removed() {
        let mut unreadable = Unreadable::default();
        for number in 1..=1000 {
            unreadable.meet(place(number), 1, at(10));
        }
        unreadable.retain_from(Some(place(300)));
        assert_eq!((unreadable.first(), unreadable.last()), (Some(place(300)), Some(place(1000))));
        unreadable.retain_after(place(899));
        assert_eq!((unreadable.first(), unreadable.last()), (Some(place(899)), Some(place(1000))));
        assert_ne!(unreadable.count(), 0);
        unreadable.retain_after(place(1000));
        assert_eq!((unreadable.first(), unreadable.count()), (None, 0));
    }
}
