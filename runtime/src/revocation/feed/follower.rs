//! Decides what a page of the log means, as a pure state machine that has no clock and no network.
//!
//! The follower reads the log from its start, then the records that follow. A log can lose records,
//! and a reader of a stream gets silence then, and not an error. The follower therefore compares the
//! state of the log in each page with what it knows. If they do not agree, it reads the log from its
//! start again: a resync. Each resync begins a generation, by which the entries of the list show
//! what the log still has.

use std::time::Duration;

use super::super::log::{LogPage, LogPosition, LogState};
use super::super::record::{self, Record};
use super::super::timestamp::Timestamp;
use super::floor::Floor;
use super::loss::Loss;
use super::overflow::Overflow;
use super::page_request::{HEARTBEAT, NO_WAIT, PageSize, Request};
use super::receipt::{Applied, Receipt, Verdict};
use super::resync_cause::ResyncCause;
use super::unreadable::Unreadable;

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
    floor: Floor,
    pub(super) size: PageSize,
    /// True if the last page was full, so that the next page need not wait.
    is_behind: bool,
    /// Records that cannot be read.
    pub(super) unreadable: Unreadable,
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
            floor: Floor::default(),
            size: PageSize::LARGEST,
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
        self.floor = Floor::default();
        self.is_behind = false;
        self.overflow.restart();
        self.latest_ended = Timestamp::default();
    }

    /// Returns the next page to read. `latest_ended` is the latest end of the entries of the list
    /// that have ended, and of those that it has removed since the last call.
    pub(super) fn request(&mut self, now: Timestamp, latest_ended: Timestamp) -> Request {
        self.latest_ended = self.latest_ended.max(latest_ended);
        let resync = self.due(now);
        if resync.is_some() {
            self.restart();
        }
        let is_idle = self.phase == Phase::Following && !self.is_behind;
        let wait = if is_idle { HEARTBEAT } else { NO_WAIT };
        Request { after: self.position, wait, limit: self.size.get(), resync }
    }

    /// Returns the reason for a resync that is not in the log.
    fn due(&self, now: Timestamp) -> Option<ResyncCause> {
        if self.phase != Phase::Following {
            return None;
        }
        if now.minus(self.leeway) < self.latest_ended {
            return Some(ResyncCause::Clock);
        }
        self.overflow.is_due(now).then_some(ResyncCause::Overflow)
    }

    /// Judges the page that answers the last request, and reads its records.
    pub(super) fn receive(&mut self, page: &LogPage, now: Timestamp) -> Receipt {
        match self.contradiction(page) {
            None => self.continue_with(page, now),
            Some(cause) => {
                self.restart();
                self.loss.notice(cause, now);
                Receipt::of_contradiction(page, cause)
            }
        }
    }

    /// Returns the reason why the page cannot be the continuation of what was read, if it shows
    /// before the end of the log is reached.
    fn contradiction(&self, page: &LogPage) -> Option<ResyncCause> {
        if !page.is_consistent_after(self.position) {
            return Some(ResyncCause::Inconsistent);
        }
        if self.phase == Phase::Start {
            return None;
        }
        if self.lineage.as_ref() != Some(&page.state.lineage) {
            return Some(ResyncCause::Lineage);
        }
        (page.state.last < self.position).then_some(ResyncCause::StepBack)
    }

    fn continue_with(&mut self, page: &LogPage, now: Timestamp) -> Receipt {
        let LogState { lineage, first, last } = &page.state;
        if self.phase == Phase::Start {
            if self.lineage.as_ref() != Some(lineage) {
                // The positions of another log name other records.
                self.unreadable.clear();
                if self.lineage.is_some() {
                    self.loss.notice(ResyncCause::Lineage, now);
                }
                self.lineage = Some(lineage.clone());
            }
            self.phase = Phase::Reading;
        }
        self.floor.begin(page);
        self.unreadable.retain_from(first.or(page.first_record()));
        let mut receipt = self.read_records(page, now);
        self.is_behind = page.records.len() >= self.size.get();
        if self.is_behind {
            self.size.grow();
            return receipt;
        }
        let is_complete = self.phase == Phase::Reading || self.position >= *last;
        if !is_complete || !self.floor.allows(*first) {
            let cause = self.floor.cause();
            receipt.verdict = Verdict::Resync(cause);
            receipt.generation = 0;
            self.restart();
            self.loss.notice(cause, now);
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
        let mut receipt = Receipt::new(Verdict::Behind, self.generation);
        for (position, text) in &page.records {
            match record::read(text) {
                Ok(Record::Revocation(revocation, until)) => {
                    receipt.revocations.push((revocation, until));
                }
                Ok(Record::Trimmed(records, time)) => {
                    self.floor.permit(records, *position, time, now);
                }
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

    /// Records the result of applying the revocations of the last page. Returns true if the list
    /// now has all revocations of the log, and the log is not known to lack any.
    pub(super) fn conclude(&mut self, verdict: Verdict, applied: Applied, now: Timestamp) -> bool {
        if matches!(verdict, Verdict::Resync(_)) {
            return false;
        }
        self.latest_ended = self.latest_ended.max(applied.latest_ended);
        if applied.is_full {
            self.overflow.meet();
        }
        let Verdict::CaughtUp { ends_resync } = verdict else { return false };
        self.overflow.reach_end(ends_resync, now);
        self.unreadable.retain_seen_after(now.minus(self.lifetime));
        !self.overflow.exists() && self.unreadable.count() == 0 && self.loss.cause(now).is_none()
    }

    /// Returns the generation of the last resync.
    pub(super) fn generation(&self) -> u32 {
        self.generation
    }

    /// Returns true if an entry did not fit into the list.
    pub(super) fn has_overflow(&self) -> bool {
        self.overflow.exists()
    }

    /// Returns the cause of a loss of records that other instances may not have repaired yet.
    pub(super) fn loss(&mut self, now: Timestamp) -> Option<ResyncCause> {
        self.loss.cause(now)
    }

    /// Returns true if an unreadable record of a log with this last position must have ended.
    pub(super) fn has_ended(&self, unreadable: LogPosition, last: Option<LogPosition>) -> bool {
        // The follower knows all records up to its position, and forgets those that have ended. A log
        // that was deleted gives lower positions to other records.
        let is_current = self.phase == Phase::Following && self.position <= last;
        is_current && Some(unreadable) <= self.position && !self.unreadable.may_contain(unreadable)
    }

    /// Returns the lineage of the log that the follower has read to its end.
    pub(super) fn lineage(&self) -> Option<&str> {
        self.lineage.as_deref().filter(|_| self.phase == Phase::Following)
    }
}

#[cfg(test)]
mod tests;
