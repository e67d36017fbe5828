//! Decides what a page of the log means, as a pure state machine that has no clock and no network.
//!
//! The follower reads the log from its start, then the records that follow. A log can lose records,
//! and a reader of a stream gets silence then, and not an error. The follower therefore compares the
//! state of the log in each page with what it knows. If they do not agree, it reads the log from its
//! start again: a resync. Each resync begins a generation, by which the entries of the list show
//! what the log still has.

use std::time::Duration;

use super::super::log::{LogPage, LogPosition, LogState};
use super::super::record::{self, Record, Trimmed};
use super::super::target::Revocation;
use super::super::timestamp::Timestamp;
use super::loss::Loss;
use super::unreadable::Unreadable;

/// Largest number of records in a page.
pub(super) const PAGE: usize = 1000;

/// Longest time for which a page of a follower that has read everything waits for a record.
pub(super) const HEARTBEAT: Duration = Duration::from_millis(250);

/// Time for which other pages wait. It is not zero, which some stores take as forever.
pub(super) const NO_WAIT: Duration = Duration::from_millis(1);

/// Time after which an entry that did not fit into the list is tried again.
const OVERFLOW_RETRY: Duration = Duration::from_secs(30);

/// Largest length of a lineage in bytes.
const LINEAGE_LIMIT: usize = 1024;

/// State of the reading of a log.
#[derive(Debug)]
pub(super) struct Follower {
    /// Longest time from the appending of a revocation to its end.
    lifetime: Duration,
    leeway: Duration,
    phase: Phase,
    generation: u32,
    /// Lineage of the log. `None` before the first page.
    lineage: Option<String>,
    /// Position after which the next page begins. `None` stands for the start of the log.
    position: Option<LogPosition>,
    /// Highest position that the first record of the log may have. `None` if the log had no record.
    floor: Option<LogPosition>,
    /// True if the last page was full, so that the next page need not wait.
    is_behind: bool,
    unreadable: Unreadable,
    overflow: Overflow,
    loss: Loss,
    /// Latest end of the entries that were skipped or removed because they had ended.
    latest_ended: Timestamp,
}

/// Part of the log that a follower reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// It has not read the first page of a resync.
    Start,
    /// It reads from the start of the log and has not reached the end.
    Reading,
    /// It has read the whole log once, and reads the records that follow.
    Following,
}

/// Entries that did not fit into the list.
#[derive(Debug, Default)]
struct Overflow {
    /// Time at which the last complete reading of the log met one.
    since: Option<Timestamp>,
    /// True if the current reading has met one.
    is_met: bool,
}

/// The next page to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) after: Option<LogPosition>,
    pub(super) wait: Duration,
    /// Reason why the request begins a resync.
    pub(super) resync: Option<ResyncCause>,
}

/// Reason for reading the log from its start again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ResyncCause {
    /// Another copy of the log has taken over.
    Lineage,
    /// The log has not given a position that the follower has read.
    StepBack,
    /// Records were removed without an announcement.
    Gap,
    /// The answer contradicts itself.
    Inconsistent,
    /// The clock was set back, and entries were skipped that have not ended.
    Clock,
    /// An entry did not fit into the list.
    Overflow,
}

impl ResyncCause {
    /// Returns the value of the field `cause` in events.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Lineage => "lineage",
            Self::StepBack => "step_back",
            Self::Gap => "gap",
            Self::Inconsistent => "inconsistent",
            Self::Clock => "clock",
            Self::Overflow => "overflow",
        }
    }

    /// Returns a sentence for the health report.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Lineage => "another copy of the log has taken over",
            Self::StepBack => "the log has lost its last records",
            Self::Gap => "records were removed from the log without an announcement",
            Self::Inconsistent => "the answer of the log contradicts itself",
            Self::Clock => "the clock was set back",
            Self::Overflow => "an entry of the log did not fit into the list",
        }
    }
}

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

impl Follower {
    /// Creates a follower that begins at the start of the log.
    pub(super) fn new(horizon: Duration, leeway: Duration) -> Self {
        Self {
            lifetime: horizon.saturating_add(leeway),
            leeway,
            phase: Phase::Start,
            generation: 1,
            lineage: None,
            position: None,
            floor: None,
            is_behind: false,
            unreadable: Unreadable::default(),
            overflow: Overflow::default(),
            loss: Loss::default(),
            latest_ended: Timestamp::default(),
        }
    }

    /// Begins a resync.
    pub(super) fn restart(&mut self) {
        self.phase = Phase::Start;
        self.generation = self.generation.saturating_add(1);
        self.position = None;
        self.floor = None;
        self.is_behind = false;
        self.overflow.is_met = false;
        self.latest_ended = Timestamp::default();
    }

    /// Returns the next page to read. `latest_removed` is the latest end of the entries that the
    /// list has removed since the last call, because they had ended.
    pub(super) fn request(&mut self, now: Timestamp, latest_removed: Timestamp) -> Request {
        self.latest_ended = self.latest_ended.max(latest_removed);
        let resync = self.due(now);
        if resync.is_some() {
            self.restart();
        }
        let is_idle = self.phase == Phase::Following && !self.is_behind;
        Request { after: self.position, wait: if is_idle { HEARTBEAT } else { NO_WAIT }, resync }
    }

    /// Returns the reason for a resync that is not in the log.
    fn due(&self, now: Timestamp) -> Option<ResyncCause> {
        if self.phase != Phase::Following {
            return None;
        }
        if now.minus(self.leeway) < self.latest_ended {
            return Some(ResyncCause::Clock);
        }
        let is_overdue = |since: Timestamp| since.distance(now) >= OVERFLOW_RETRY;
        self.overflow.since.is_some_and(is_overdue).then_some(ResyncCause::Overflow)
    }

    /// Judges the page that answers the last request, and reads its records.
    pub(super) fn receive(&mut self, page: &LogPage, now: Timestamp) -> Receipt {
        match self.contradiction(page) {
            None => self.continue_with(page, now),
            Some(cause) => {
                // What the log has is a revocation in any case. The next reading of the log judges
                // the records that cannot be read.
                let mut receipt = Receipt::of(Verdict::Resync(cause));
                for (_, text) in &page.records {
                    if let Ok(Record::Revocation(revocation, until)) = record::read(text) {
                        receipt.revocations.push((revocation, until));
                    }
                }
                self.restart();
                self.loss.notice(now);
                receipt
            }
        }
    }

    /// Returns the reason why the page cannot be the continuation of what was read, if it shows
    /// before the end of the log is reached.
    fn contradiction(&self, page: &LogPage) -> Option<ResyncCause> {
        let LogState { lineage, first, last } = &page.state;
        let mut position = self.position;
        let is_ordered = page.records.iter().all(|(next, _)| {
            let is_later = position.is_none_or(|position| position < *next);
            position = Some(*next);
            is_later
        });
        if !is_ordered || lineage.len() > LINEAGE_LIMIT || first > last {
            return Some(ResyncCause::Inconsistent);
        }
        if self.phase == Phase::Start {
            return None;
        }
        if self.lineage.as_ref() != Some(lineage) {
            return Some(ResyncCause::Lineage);
        }
        (*last < self.position).then_some(ResyncCause::StepBack)
    }

    fn continue_with(&mut self, page: &LogPage, now: Timestamp) -> Receipt {
        let LogState { lineage, first, last } = &page.state;
        let first_record = page.records.first().map(|(position, _)| *position);
        let mut was_empty = self.floor.is_none();
        if self.phase == Phase::Start {
            was_empty = first.is_none();
            if self.lineage.as_ref() != Some(lineage) {
                // The positions of another log name other records.
                self.unreadable.clear();
                if self.lineage.is_some() {
                    self.loss.notice(now);
                }
                self.lineage = Some(lineage.clone());
            }
            self.floor = [*first, first_record].into_iter().flatten().min();
            self.phase = Phase::Reading;
        }
        self.floor = self.floor.or(first_record);
        self.unreadable.retain_from(first.or(first_record));
        let mut receipt = self.read_records(page, now);
        self.is_behind = page.records.len() >= PAGE;
        if self.is_behind {
            return receipt;
        }
        let is_first_permitted =
            if first.is_none() { was_empty } else { self.floor.is_some() && *first <= self.floor };
        let is_complete = self.phase == Phase::Reading || self.position >= *last;
        if !is_first_permitted || !is_complete {
            receipt.verdict = Verdict::Resync(ResyncCause::Gap);
            receipt.generation = 0;
            self.restart();
            self.loss.notice(now);
            return receipt;
        }
        let ends_resync = self.phase == Phase::Reading;
        if ends_resync {
            // The last records of the log may have been removed before.
            self.position = self.position.max(*last);
            self.unreadable.retain_met_in(self.generation);
            self.phase = Phase::Following;
        }
        receipt.verdict = Verdict::CaughtUp { ends_resync };
        receipt
    }

    /// Reads the records of a page, and moves the position after them.
    fn read_records(&mut self, page: &LogPage, now: Timestamp) -> Receipt {
        let mut receipt = Receipt::of(Verdict::Behind);
        receipt.generation = self.generation;
        for (position, text) in &page.records {
            match record::read(text) {
                Ok(Record::Revocation(revocation, until)) => {
                    receipt.revocations.push((revocation, until));
                }
                Ok(Record::Trimmed(records, _)) => self.permit(records, *position),
                Err(_) => {
                    if self.unreadable.meet(*position, self.generation, now) {
                        let (_, count) = receipt.unreadable.get_or_insert((*position, 0));
                        *count = count.saturating_add(1);
                    }
                }
            }
            self.position = Some(*position);
        }
        receipt
    }

    /// Applies an announcement at this position. It permits only the removal of earlier records, and
    /// nothing if the log had lost records before that the follower expects.
    fn permit(&mut self, records: Trimmed, position: LogPosition) {
        if Some(records.from) <= self.floor {
            self.floor = self.floor.max(Some(records.before.min(position)));
        }
    }

    /// Records the result of applying the revocations of the last page. Returns true if the list
    /// now has all revocations of the log, and the log is not known to lack any.
    pub(super) fn conclude(&mut self, verdict: Verdict, applied: Applied, now: Timestamp) -> bool {
        if matches!(verdict, Verdict::Resync(_)) {
            return false;
        }
        self.latest_ended = self.latest_ended.max(applied.latest_ended);
        self.overflow.is_met |= applied.is_full;
        let Verdict::CaughtUp { ends_resync } = verdict else { return false };
        if ends_resync {
            self.overflow.since = None;
        }
        if std::mem::take(&mut self.overflow.is_met) {
            self.overflow.since.get_or_insert(now);
        }
        self.unreadable.retain_seen_after(now.minus(self.lifetime));
        self.overflow.since.is_none() && self.unreadable.count() == 0 && self.loss.is_repaired(now)
    }

    /// Returns the generation of the last resync.
    pub(super) fn generation(&self) -> u32 {
        self.generation
    }

    /// Returns the number of records that cannot be read.
    pub(super) fn unreadable(&self) -> usize {
        self.unreadable.count()
    }

    /// Returns true if an entry did not fit into the list.
    pub(super) fn has_overflow(&self) -> bool {
        self.overflow.since.is_some() || self.overflow.is_met
    }

    /// Returns the first record that cannot be read.
    pub(super) fn first_unreadable(&self) -> Option<LogPosition> {
        self.unreadable.first()
    }

    /// Records that an unreadable record has been removed from the log.
    pub(super) fn forget_unreadable(&mut self, position: LogPosition) {
        self.unreadable.forget(position);
    }

    /// Returns true if an unreadable record must have ended.
    pub(super) fn has_ended(&self, unreadable: LogPosition) -> bool {
        // The follower knows all records that it has reached, and forgets those that have ended.
        let is_reached = self.phase == Phase::Following && Some(unreadable) <= self.position;
        is_reached && !self.unreadable.may_contain(unreadable)
    }

    /// Returns the lineage of the log that the follower has read to its end.
    pub(super) fn lineage(&self) -> Option<&str> {
        self.lineage.as_deref().filter(|_| self.phase == Phase::Following)
    }
}

impl Receipt {
    fn of(verdict: Verdict) -> Self {
        Self { revocations: Vec::new(), generation: 0, unreadable: None, verdict }
    }
}

#[cfg(test)]
mod tests;
