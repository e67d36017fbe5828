//! The entries of the list as the log has them.

use std::ops::Bound;
use std::sync::Arc;

use super::super::entry::{ByEnd, ByName, Entry};
use super::super::error::RevocationError;
use super::super::target::Revocation;
use super::super::timestamp::Timestamp;
use super::{Inserted, List, index};

impl List {
    /// Inserts a revocation that the log has in this generation, and marks the entry if the log has
    /// all of it. A log that had the existing entry has all of the extended one.
    pub(in crate::revocation) fn insert_from_log(
        &mut self,
        revocation: Revocation,
        until: Timestamp,
        cutoff: Timestamp,
        generation: u32,
    ) -> Result<Inserted, RevocationError> {
        let latest = revocation.latest;
        let existing = self.find(&revocation).map_or(0, |existing| existing.generation());
        let inserted = self.insert(revocation, until, cutoff)?;
        let Inserted { entry, .. } = &inserted;
        let is_whole = (entry.until, entry.latest()) == (until, latest);
        if is_whole || existing == generation {
            entry.mark(generation);
        }
        Ok(inserted)
    }

    /// Records that the log has this revocation, if the list has an entry that revokes the same
    /// tokens for at least this time. Returns false if the revocation must be inserted.
    pub(in crate::revocation) fn confirm(
        &self,
        revocation: &Revocation,
        until: Timestamp,
        generation: u32,
    ) -> bool {
        let Some(existing) = self.find(revocation) else { return false };
        if (existing.until, existing.latest()) == (until, revocation.latest) {
            existing.mark(generation);
        }
        until <= existing.until && revocation.latest <= existing.latest()
    }

    /// Returns true if the list has exactly this entry, and not another one in its place.
    pub(in crate::revocation) fn has(&self, entry: &Arc<Entry>) -> bool {
        let entries = self.issuers.get(index(entry.issuer()));
        let current = entries.and_then(|all| all.of_kind(entry.kind()).get(&*entry.name));
        current.is_some_and(|ByName(current)| Arc::ptr_eq(current, entry))
    }

    /// Returns the next entries in the order of their ends, and at most `count` of them, after an
    /// entry that the list may have removed. Without such an entry, begins with those that end
    /// after `cutoff`.
    pub(in crate::revocation) fn next(
        &self,
        after: Option<&Arc<Entry>>,
        cutoff: Timestamp,
        count: usize,
    ) -> Vec<Arc<Entry>> {
        let start = match after {
            Some(entry) => Bound::Excluded(ByEnd(Arc::clone(entry))),
            None => Bound::Included(ByEnd(Arc::new(Entry::first_after(cutoff)))),
        };
        let entries = self.by_end.range((start, Bound::Unbounded)).take(count);
        entries.map(|ByEnd(entry)| Arc::clone(entry)).collect()
    }
}
