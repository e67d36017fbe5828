//! Finds the records at the start of a log that have ended.

use std::time::Duration;

use super::super::log::LogPosition;
use super::super::record::{self, Record, Trimmed};
use super::super::timestamp::Timestamp;

/// Time for which a record stays in the log after its end. It covers the difference between the
/// clocks of the instances.
pub(super) const MARGIN: Duration = Duration::from_secs(600);

/// Smallest number of records that are worth a trim.
const FEWEST: usize = 128;

/// The records at the start of a log that have ended.
#[derive(Debug)]
pub(super) struct Prefix {
    /// Time at or before which a revocation must have ended.
    cutoff: Timestamp,
    count: usize,
    first: Option<LogPosition>,
    last: Option<LogPosition>,
    /// Position of the first record that has not ended.
    open: Option<LogPosition>,
}

impl Prefix {
    /// Creates the empty prefix. Revocations have ended that ended at `cutoff` or earlier.
    pub(super) fn new(cutoff: Timestamp) -> Self {
        Self { cutoff: cutoff.minus(MARGIN), count: 0, first: None, last: None, open: None }
    }

    /// Adds the next records of the log. `has_ended` returns true for the position of an unreadable
    /// record that must have ended.
    pub(super) fn extend(
        &mut self,
        records: &[(LogPosition, String)],
        has_ended: impl Fn(LogPosition) -> bool,
    ) {
        for (position, text) in records {
            let is_over = match record::read(text) {
                Ok(Record::Revocation(_, until) | Record::Trimmed(_, until)) => {
                    until <= self.cutoff
                }
                Err(_) => has_ended(*position),
            };
            if self.is_closed() {
                return;
            }
            if is_over {
                self.count = self.count.saturating_add(1);
                self.first.get_or_insert(*position);
                self.last = Some(*position);
            } else {
                self.open = Some(*position);
            }
        }
    }

    /// Returns true if the prefix does not extend to the end of the records that were added.
    pub(super) fn is_closed(&self) -> bool {
        self.open.is_some()
    }

    /// Returns the position of the last record of the prefix.
    pub(super) fn last(&self) -> Option<LogPosition> {
        self.last
    }

    /// Returns the records that can be removed, if there are enough of them. Without a later record,
    /// the last one of the prefix stays, since a reader distrusts an empty log.
    pub(super) fn trimmed(&self) -> Option<Trimmed> {
        let (from, before) = (self.first?, self.open.or(self.last)?);
        (self.count >= FEWEST).then_some(Trimmed { from, before })
    }
}

/// Returns the position right before this one. `None` is the position before the first record.
pub(super) fn predecessor(position: LogPosition) -> Option<LogPosition> {
    match position.numbers() {
        (0, 0) => None,
        (major, 0) => Some(LogPosition::new(major.saturating_sub(1), u64::MAX)),
        (major, minor) => Some(LogPosition::new(major, minor.saturating_sub(1))),
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

    #[allow(clippy::unnecessary_wraps, reason = "the result of the prefix has this type")]
    fn trimmed(before: u64) -> Option<Trimmed> {
        Some(Trimmed { from: place(1), before: place(before) })
    }

    fn ending(number: u64, until: u64) -> (LogPosition, String) {
        let text = format!(r#"{{"v":1,"issuer":"a","token":"{number}","until":{until}}}"#);
        (place(number), text)
    }

    #[test]
    fn the_prefix_ends_before_the_first_record_that_has_not_ended() {
        let mut prefix = Prefix::new(at(1600));
        let records: Vec<_> = (1..=200).map(|number| ending(number, 1000)).collect();
        prefix.extend(&records, |_| false);
        assert_eq!((prefix.trimmed(), prefix.last()), (trimmed(200), Some(place(200))));
        assert!(!prefix.is_closed());
        prefix.extend(&[ending(201, 1001), ending(202, 1000)], |_| false);
        assert_eq!((prefix.trimmed(), prefix.last()), (trimmed(201), Some(place(200))));
        assert!(prefix.is_closed());
    }

    #[test]
    fn announcements_end_and_unreadable_records_are_judged_by_their_age() {
        let unreadable = (place(2), "{}".to_owned());
        let announcement = (place(1), record::trimmed(trimmed(1).unwrap(), at(1000)));
        for (has_ended, expected) in [(true, 3), (false, 1)] {
            let mut prefix = Prefix::new(at(1600));
            let records = [announcement.clone(), unreadable.clone(), ending(3, 0)];
            prefix.extend(&records, |position| has_ended && position == place(2));
            assert_eq!((prefix.last(), prefix.trimmed()), (Some(place(expected)), None));
        }
    }

    #[test]
    fn few_records_are_not_worth_a_trim() {
        for (count, expected) in [(127, None), (128, trimmed(128))] {
            let mut prefix = Prefix::new(at(1600));
            let records: Vec<_> = (1..=count).map(|number| ending(number, 0)).collect();
            prefix.extend(&records, |_| false);
            assert_eq!(prefix.trimmed(), expected);
        }
    }

    #[test]
    fn the_predecessor_is_the_next_lower_position() {
        assert_eq!(predecessor(LogPosition::new(0, 0)), None);
        assert_eq!(predecessor(place(7)), Some(LogPosition::new(6, u64::MAX)));
        assert_eq!(predecessor(LogPosition::new(7, 9)), Some(LogPosition::new(7, 8)));
    }
}
