//! Entries that the log lacks as far as the server knows, in the order in which it appends them.
//!
//! The outbox has no clock and no network. An entry leaves it only when the follower has seen the
//! record of the whole entry in the log, when the entry has ended, or when another entry has
//! replaced it. An acknowledgement alone is not enough, because a copy of the log that is no longer
//! in charge may have given it.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::oneshot;
use tokio::time::Instant;

use super::super::entry::Entry;

/// Largest number of records that are appended together.
pub(super) const BATCH: usize = 128;

/// Largest number of entries in each queue that is not a part of the list.
const LIMIT: usize = 16 * 1024;

/// Largest number of repairs that one step examines, so that callers do not wait long.
const CHECKS: usize = 1024;

/// Result of appending an entry, with the text of an error.
pub(super) type Appended = Result<(), String>;

/// Receiver of the result.
pub(super) type Ticket = oneshot::Receiver<Appended>;

/// Entries to append.
#[derive(Default)]
pub(super) struct Outbox {
    /// Entries whose callers wait for the result.
    waiting: VecDeque<Waiting>,
    /// Entries that are being appended.
    in_flight: Vec<Waiting>,
    /// Entries to append again.
    repairs: VecDeque<Arc<Entry>>,
    /// Entries that were appended and that the follower has not seen, with the number of the last
    /// page that was requested before the acknowledgement.
    unseen: VecDeque<(u64, Arc<Entry>)>,
    /// True after a failure, until the log answers again.
    is_held: bool,
    /// True if entries may be missing in the queues, so that the list must be searched.
    is_incomplete: bool,
    /// Time before which no repair begins.
    repairs_begin: Option<Instant>,
}

struct Waiting {
    entry: Arc<Entry>,
    caller: Option<oneshot::Sender<Appended>>,
}

/// The next step of the task that appends.
pub(super) enum Step {
    Append(Vec<Arc<Entry>>),
    WaitUntil(Instant),
    Wait,
}

impl Outbox {
    /// Adds an entry, and returns the receiver of the result. Returns `None` if too many callers
    /// wait; the entry is appended later then.
    pub(super) fn push(&mut self, entry: Arc<Entry>) -> Option<Ticket> {
        if self.waiting.len() >= LIMIT {
            self.push_repair(entry);
            return None;
        }
        let (caller, ticket) = oneshot::channel();
        self.waiting.push_back(Waiting { entry, caller: Some(caller) });
        Some(ticket)
    }

    /// Returns the next entries to append, and keeps them until [`finish`](Self::finish).
    /// `is_missing` returns true for an entry that the log may still lack.
    pub(super) fn next(&mut self, now: Instant, is_missing: impl Fn(&Arc<Entry>) -> bool) -> Step {
        while self.in_flight.len() < BATCH {
            let Some(waiting) = self.waiting.pop_front() else { break };
            self.in_flight.push(waiting);
        }
        let pause = self.repairs_begin.filter(|begin| now < *begin);
        let may_repair = pause.is_none() && !self.is_held;
        for _ in 0..CHECKS {
            if !may_repair || self.in_flight.len() >= BATCH {
                break;
            }
            let Some(entry) = self.repairs.pop_front() else { break };
            if is_missing(&entry) {
                self.in_flight.push(Waiting { entry, caller: None });
            }
        }
        if !self.in_flight.is_empty() {
            let entries = self.in_flight.iter().map(|waiting| Arc::clone(&waiting.entry));
            return Step::Append(entries.collect());
        }
        if self.is_held || self.repairs.is_empty() {
            Step::Wait
        } else {
            Step::WaitUntil(pause.unwrap_or(now))
        }
    }

    /// Records the result of appending the entries of the last step. `page` is the number of the
    /// last page that was requested before the result. A failure is the result of all callers that
    /// wait, because their time limit would grow with their number otherwise.
    pub(super) fn finish(&mut self, result: &Appended, page: u64) {
        let mut finished = std::mem::take(&mut self.in_flight);
        if result.is_err() {
            finished.extend(self.waiting.drain(..));
        }
        for Waiting { entry, caller } in finished {
            if let Some(caller) = caller {
                // The caller may have dropped the receiver.
                let _ = caller.send(result.clone());
            }
            match result {
                Ok(()) => self.push_unseen(page, entry),
                Err(_) => self.push_repair(entry),
            }
        }
        self.is_held = result.is_err();
    }

    /// Lets repairs begin, because the log answers. If the server has all records of the log up to
    /// the page with this number, puts the entries back that the follower should have seen.
    /// `is_missing` returns true for an entry that the log may still lack.
    pub(super) fn log_answers(
        &mut self,
        complete: Option<u64>,
        is_missing: impl Fn(&Arc<Entry>) -> bool,
    ) {
        self.is_held = false;
        let Some(page) = complete else { return };
        while self.unseen.front().is_some_and(|(before, _)| *before < page) {
            let next = self.unseen.pop_front();
            if let Some((_, entry)) = next.filter(|(_, entry)| is_missing(entry)) {
                self.push_repair(entry);
            }
        }
    }

    /// Adds entries that the log may lack.
    pub(super) fn repair(&mut self, entries: impl IntoIterator<Item = Arc<Entry>>) {
        entries.into_iter().for_each(|entry| self.push_repair(entry));
    }

    /// Replaces the repairs by all entries of the list that the log lacks.
    pub(super) fn replace_repairs(&mut self, entries: VecDeque<Arc<Entry>>, begin: Instant) {
        self.repairs = entries;
        self.repairs_begin = Some(begin);
        self.is_incomplete = false;
    }

    /// Returns true if the list must be searched for entries that the log lacks.
    pub(super) fn needs_search(&self) -> bool {
        self.is_incomplete && self.repairs.is_empty()
    }

    /// Records that the appending was interrupted by a panic or by the end of a runtime.
    pub(super) fn interrupt(&mut self) {
        if !self.in_flight.is_empty() {
            self.finish(&Err("the appending was interrupted".to_owned()), 0);
        }
    }

    /// Returns the number of entries that the log lacks as far as the server knows.
    pub(super) fn unshared(&self) -> usize {
        let [waiting, in_flight] = [self.waiting.len(), self.in_flight.len()];
        waiting.saturating_add(in_flight).saturating_add(self.repairs.len())
    }

    fn push_repair(&mut self, entry: Arc<Entry>) {
        if self.repairs.len() < LIMIT {
            self.repairs.push_back(entry);
        } else {
            self.is_incomplete = true;
        }
    }

    fn push_unseen(&mut self, page: u64, entry: Arc<Entry>) {
        if self.unseen.len() < LIMIT {
            self.unseen.push_back((page, entry));
        } else {
            self.is_incomplete = true;
        }
    }
}

#[cfg(test)]
mod tests;
