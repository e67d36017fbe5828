//! List of revocations, as a pure state machine that has no clock and no lock.
//!
//! Requests wait while the list changes, so the time of a change must not grow with the number of
//! entries. Entries are therefore sorted by the end of their revocation. Adding an entry removes at
//! most two expired entries, or more if the new entry needs more room.

mod log_entries;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::entry::{ByEnd, ByName, Entry};
use super::error::RevocationError;
use super::issuer_entries::IssuerEntries;
use super::target::Revocation;
use super::timestamp::Timestamp;
use crate::identity::AccessToken;
use crate::token::Dialect;

/// Size of the list in bytes up to which the list keeps expired entries if there is room. An entry
/// can seem expired because the clock was set forward by mistake. The entry that was kept continues
/// to revoke its tokens after the clock is corrected.
const KEEP_EXPIRED_BYTES: usize = 64 * 1024;

/// Largest number of expired entries that `insert` removes if the list is longer than
/// [`KEEP_EXPIRED_BYTES`] but has room. The number is greater than one, so that a long list becomes
/// shorter with each new entry.
const DROPS_PER_INSERT: usize = 2;

pub(super) struct List {
    /// Identifiers of the issuers that the server trusts, by their numbers.
    names: Arc<[Arc<str>]>,
    numbers: HashMap<Arc<str>, u32>,
    /// Entries of the list, by the number of their issuer.
    issuers: Vec<IssuerEntries>,
    by_end: BTreeSet<ByEnd>,
    bytes: usize,
    limit: usize,
    /// Latest end of the entries that were removed because they had ended.
    latest_removed: Timestamp,
    /// Number of entries that `drop_first` has visited.
    #[cfg(test)]
    visits: usize,
}

/// Result of an insertion.
pub(super) struct Inserted {
    /// The entry that the list now has for the issuer, kind and name.
    pub(super) entry: Arc<Entry>,
    /// True if the list now revokes tokens that it did not revoke before.
    pub(super) concerns_more: bool,
}

impl List {
    pub(super) fn new<'a>(issuers: impl IntoIterator<Item = &'a str>, limit: usize) -> Self {
        let mut names: Vec<Arc<str>> = issuers.into_iter().map(Arc::from).collect();
        // All instances append missing entries in one order, whatever the order of the issuers is.
        names.sort_unstable();
        let names: Arc<[Arc<str>]> = names.into();
        Self {
            numbers: names.iter().map(Arc::clone).zip(0..).collect(),
            issuers: names.iter().map(|_| IssuerEntries::default()).collect(),
            names,
            by_end: BTreeSet::new(),
            bytes: 0,
            limit,
            latest_removed: Timestamp::default(),
            #[cfg(test)]
            visits: 0,
        }
    }

    /// Adds an entry for a revocation, or extends the existing entry for the same issuer, kind and
    /// name. To make room, may remove entries whose revocation ended at `cutoff` or earlier.
    pub(super) fn insert(
        &mut self,
        revocation: Revocation,
        until: Timestamp,
        cutoff: Timestamp,
    ) -> Result<Inserted, RevocationError> {
        let Revocation { issuer, kind, name, latest } = revocation;
        // In this case, the tokens have expired, or the caller passed a wrong time.
        if until <= cutoff {
            return Err(RevocationError::Over);
        }
        let (issuer, entries) = self.entries(&issuer).ok_or(RevocationError::UnknownIssuer)?;
        let Some(ByName(existing)) = entries.of_kind(kind).get(name.as_str()) else {
            let entry = Entry::new(issuer, kind, name.into(), until, latest);
            self.reserve(entry.size(), cutoff)?;
            return Ok(Inserted { entry: self.add(entry), concerns_more: true });
        };
        let existing = Arc::clone(existing);
        if until <= existing.until && latest <= existing.latest() {
            return Ok(Inserted { entry: existing, concerns_more: false });
        }
        let concerns_more = existing.latest() < latest;
        let (until, latest) = (until.max(existing.until), latest.max(existing.latest()));
        self.remove(&existing);
        let entry = Entry::new(issuer, kind, name.into(), until, latest);
        Ok(Inserted { entry: self.add(entry), concerns_more })
    }

    /// Returns the identifiers of the issuers, by which a record of an entry is written.
    pub(super) fn names(&self) -> Arc<[Arc<str>]> {
        Arc::clone(&self.names)
    }

    /// Returns the number of entries.
    pub(super) fn len(&self) -> usize {
        self.by_end.len()
    }

    /// Returns the counted size of all entries in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns the latest end of the entries that were removed because they had ended, since the
    /// last call.
    pub(super) fn take_latest_removed(&mut self) -> Timestamp {
        std::mem::take(&mut self.latest_removed)
    }

    /// Returns the latest end of the entries whose revocation ended at `cutoff` or earlier.
    pub(super) fn latest_ended(&self, cutoff: Timestamp) -> Timestamp {
        let later = ByEnd(Arc::new(Entry::first_after(cutoff)));
        let ended = self.by_end.range(..later).next_back();
        ended.map(|ByEnd(entry)| entry.until).unwrap_or_default()
    }

    /// Returns true if the list revokes the token. An expired entry also revokes its tokens, so
    /// that a revoked token does not become valid again if the clock is set back.
    pub(super) fn concerns(&self, token: &AccessToken, dialect: &Dialect) -> bool {
        let issuer = self.entries(token.issuer());
        issuer.is_some_and(|(_, issuer)| issuer.concerns(token, dialect))
    }

    /// Returns the entry for the same issuer, kind and name.
    fn find(&self, revocation: &Revocation) -> Option<&Arc<Entry>> {
        let (_, entries) = self.entries(&revocation.issuer)?;
        entries.of_kind(revocation.kind).get(&*revocation.name).map(|ByName(entry)| entry)
    }

    /// Returns the number and the entries of an issuer that the server trusts.
    fn entries(&self, issuer: &str) -> Option<(u32, &IssuerEntries)> {
        let number = *self.numbers.get(issuer)?;
        Some((number, self.issuers.get(index(number))?))
    }

    /// Reserves bytes for a new entry, and removes expired entries to make room for the new entry.
    fn reserve(&mut self, bytes: usize, cutoff: Timestamp) -> Result<(), RevocationError> {
        let mut dropped = 0_usize;
        loop {
            let total = self.bytes.saturating_add(bytes);
            let should_drop =
                total > self.limit || (total > KEEP_EXPIRED_BYTES && dropped < DROPS_PER_INSERT);
            if should_drop && self.drop_first(cutoff) {
                dropped = dropped.saturating_add(1);
            } else if total > self.limit {
                return Err(RevocationError::Full);
            } else {
                self.bytes = total;
                return Ok(());
            }
        }
    }

    /// Removes the entry whose revocation ends first, if it ended at `cutoff` or earlier. Returns
    /// true if an entry was removed.
    fn drop_first(&mut self, cutoff: Timestamp) -> bool {
        #[cfg(test)]
        {
            self.visits += 1;
        }
        let ended = self.by_end.first().filter(|first| first.0.until <= cutoff);
        let Some(first) = ended.map(|first| Arc::clone(&first.0)) else {
            return false;
        };
        self.remove(&first);
        self.bytes = self.bytes.saturating_sub(first.size());
        self.latest_removed = self.latest_removed.max(first.until);
        true
    }

    fn add(&mut self, entry: Entry) -> Arc<Entry> {
        let entry = Arc::new(entry);
        if let Some(issuer) = self.issuers.get_mut(index(entry.issuer())) {
            issuer.of_kind_mut(entry.kind()).insert(ByName(Arc::clone(&entry)));
            self.by_end.insert(ByEnd(Arc::clone(&entry)));
        }
        entry
    }

    fn remove(&mut self, entry: &Arc<Entry>) {
        self.by_end.remove(&ByEnd(Arc::clone(entry)));
        if let Some(issuer) = self.issuers.get_mut(index(entry.issuer())) {
            issuer.of_kind_mut(entry.kind()).remove(&*entry.name);
        }
    }
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
