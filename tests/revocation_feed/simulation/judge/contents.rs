//! The contents of one copy of the log, as the history shows them.

use std::collections::{BTreeMap, HashMap};

use axum_protected::revocation::LogPosition;

use super::super::fact::{Content, Fact, Target};
use super::super::history::Moment;
use super::{BOUND, RECOVERY};

/// The contents of a copy, with the moment from which each record is visible.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    records: BTreeMap<LogPosition, (Content, Moment)>,
    facts: HashMap<Target, Vec<(LogPosition, Fact, Moment)>>,
    /// The records that nobody can read.
    unreadable: BTreeMap<LogPosition, Moment>,
    /// The last moment at which another program removed records.
    pub(crate) disturbed_at: Moment,
    /// True if nothing disturbed the log for a long time before that.
    was_calm: bool,
    loss: Option<Loss>,
}

/// A loss that each server notices which has read the log before.
#[derive(Debug, Clone, Copy)]
struct Loss {
    at: Moment,
    /// True if nobody has read the lost record. A later record hides this loss.
    is_unread: bool,
}

impl Contents {
    pub(crate) fn insert(&mut self, position: LogPosition, content: Content, now: Moment) {
        self.loss = self.loss.filter(|loss| !loss.is_unread || loss.at + BOUND < now);
        self.records.insert(position, (content, now));
        if content == Content::Unreadable {
            self.unreadable.insert(position, now);
        }
        if let Content::Fact(fact) = content {
            self.facts.entry(fact.target).or_default().push((position, fact, now));
        }
    }

    /// Removes a record, and returns its content with the moment from which it was visible.
    pub(crate) fn remove(&mut self, position: LogPosition) -> Option<(Content, Moment)> {
        let removed = self.records.remove(&position)?;
        self.unreadable.remove(&position);
        if let Content::Fact(fact) = removed.0
            && let Some(same) = self.facts.get_mut(&fact.target)
        {
            same.retain(|(at, ..)| *at != position);
        }
        Some(removed)
    }

    /// Removes all records, because another program deleted the log.
    pub(crate) fn clear(&mut self, now: Moment) {
        self.disturb(now);
        self.loss = self.records.values().find_map(|(_, since)| self.loss_of_read(*since, now));
        self.records.clear();
        self.facts.clear();
        self.unreadable.clear();
    }

    /// Records that another program removed records.
    pub(crate) fn disturb(&mut self, now: Moment) {
        if self.disturbed_at < now {
            self.was_calm = self.disturbed_at + RECOVERY < now;
            self.loss = None;
        }
        self.disturbed_at = now;
    }

    /// Records that another program removed the first records, among them one that was visible since
    /// this moment.
    pub(crate) fn lose_read(&mut self, since: Moment, now: Moment) {
        self.loss = self.loss_of_read(since, now).or(self.loss);
    }

    /// Records that a record was removed before a server could read it.
    pub(crate) fn lose_unread(&mut self, now: Moment) {
        if self.was_calm {
            self.loss.get_or_insert(Loss { at: now, is_unread: true });
        }
    }

    fn loss_of_read(&self, since: Moment, now: Moment) -> Option<Loss> {
        let is_read = self.was_calm && since + BOUND < now;
        is_read.then_some(Loss { at: now, is_unread: false })
    }

    /// Returns the moment of the last loss that each server must have noticed.
    pub(crate) fn lost_at(&self) -> Option<Moment> {
        self.loss.map(|loss| loss.at)
    }

    /// Returns the moment since which the log says at least what this revocation says.
    pub(crate) fn visible_since(&self, fact: &Fact) -> Option<Moment> {
        let same = self.facts.get(&fact.target)?;
        let enough = same.iter().filter(|(_, other, _)| other.subsumes(fact));
        enough.map(|(.., since)| *since).min()
    }

    /// Returns the number of records with this revocation.
    pub(crate) fn count(&self, fact: &Fact) -> usize {
        let same = self.facts.get(&fact.target).into_iter().flatten();
        same.filter(|(_, other, _)| other == fact).count()
    }

    /// Returns the moment since which the log has a record that nobody can read.
    pub(crate) fn unreadable_since(&self) -> Option<Moment> {
        self.unreadable.values().min().copied()
    }

    /// Returns the number of revocations at the start of the log that ended before `end`, in
    /// seconds since the Unix epoch.
    pub(crate) fn ended_prefix(&self, end: u64) -> usize {
        let has_ended = |(content, _): &&(Content, Moment)| match content {
            Content::Fact(fact) => fact.until < end,
            Content::Announcement | Content::Unreadable => false,
        };
        self.records.values().take_while(has_ended).count()
    }

    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }
}
