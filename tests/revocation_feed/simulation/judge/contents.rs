//! The contents of one copy of the log, as the history shows them.

use std::collections::{BTreeMap, HashMap};

use axum_protected::revocation::LogPosition;

use super::super::fact::{Content, Fact, Target};
use super::super::history::Moment;

/// The contents of a copy, with the moment from which each record is visible.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    records: BTreeMap<LogPosition, (Content, Moment)>,
    facts: HashMap<Target, Vec<(LogPosition, Fact, Moment)>>,
    /// The records that nobody can read.
    unreadable: BTreeMap<LogPosition, Moment>,
    /// The last moment at which another program removed records.
    pub(crate) disturbed_at: Moment,
}

impl Contents {
    pub(crate) fn insert(&mut self, position: LogPosition, content: Content, now: Moment) {
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

    /// Returns the moment since which the log says at least what this revocation says.
    pub(crate) fn visible_since(&self, fact: &Fact) -> Option<Moment> {
        let same = self.facts.get(&fact.target)?;
        let enough = same.iter().filter(|(_, other, _)| other.subsumes(fact));
        enough.map(|(.., since)| *since).min()
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
