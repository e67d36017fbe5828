//! List of revocations, as a pure state machine that has no clock and no lock.
//!
//! Requests wait while the list changes, so the time of a change must not grow with the number of
//! entries. Entries are therefore sorted by the end of their revocation. Adding an entry removes at
//! most two expired entries, or more if the new entry needs more room.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::SystemTime;

use super::entry::{ByEnd, ByName, Entry};
use super::error::RevocationError;
use super::issuer_entries::IssuerEntries;
use super::target::Revocation;
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
    /// Entries of the list by issuer, with a key for each issuer that the server trusts.
    issuers: HashMap<Arc<str>, IssuerEntries>,
    by_end: BTreeSet<ByEnd>,
    bytes: usize,
    limit: usize,
    /// Number of entries that `drop_first` has visited.
    #[cfg(test)]
    visits: usize,
}

impl List {
    pub(super) fn new<'a>(issuers: impl IntoIterator<Item = &'a str>, limit: usize) -> Self {
        let issuers = issuers.into_iter().map(|issuer| (issuer.into(), IssuerEntries::default()));
        Self {
            issuers: issuers.collect(),
            by_end: BTreeSet::new(),
            bytes: 0,
            limit,
            #[cfg(test)]
            visits: 0,
        }
    }

    /// Adds an entry for a revocation, or extends the existing entry for the same issuer, kind and
    /// name. To make room, may remove entries whose revocation ended at `cutoff` or earlier.
    /// Returns true if the list now revokes tokens that it did not revoke before.
    pub(super) fn insert(
        &mut self,
        revocation: Revocation,
        until: SystemTime,
        cutoff: SystemTime,
    ) -> Result<bool, RevocationError> {
        let Revocation { issuer, kind, name, latest } = revocation;
        // In this case, the tokens have expired, or the caller passed a wrong time.
        if until <= cutoff {
            return Err(RevocationError::Over);
        }
        let (issuer, entries) =
            self.issuers.get_key_value(issuer.as_str()).ok_or(RevocationError::UnknownIssuer)?;
        let mut entry =
            Entry { issuer: Arc::clone(issuer), kind, name: name.into(), until, latest };
        let Some(existing) = entries.of_kind(kind).get(&*entry.name) else {
            self.reserve(entry.size(), cutoff)?;
            self.add(entry);
            return Ok(true);
        };
        let existing = Arc::clone(&existing.0);
        let concerns_more = existing.latest < latest;
        entry.until = entry.until.max(existing.until);
        entry.latest = entry.latest.max(existing.latest);
        self.remove(&existing);
        self.add(entry);
        Ok(concerns_more)
    }

    /// Returns true if the list revokes the token. An expired entry also revokes its tokens, so
    /// that a revoked token does not become valid again if the clock is set back.
    pub(super) fn concerns(&self, token: &AccessToken, dialect: &Dialect) -> bool {
        let issuer = self.issuers.get(token.issuer());
        issuer.is_some_and(|issuer| issuer.concerns(token, dialect))
    }

    /// Reserves bytes for a new entry, and removes expired entries to make room for the new entry.
    fn reserve(&mut self, bytes: usize, cutoff: SystemTime) -> Result<(), RevocationError> {
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
    fn drop_first(&mut self, cutoff: SystemTime) -> bool {
        #[cfg(test)]
        {
            self.visits += 1;
        }
        let Some(first) = self
            .by_end
            .first()
            .filter(|first| first.0.until <= cutoff)
            .map(|first| Arc::clone(&first.0))
        else {
            return false;
        };
        self.remove(&first);
        self.bytes = self.bytes.saturating_sub(first.size());
        true
    }

    fn add(&mut self, entry: Entry) {
        let entry = Arc::new(entry);
        if let Some(issuer) = self.issuers.get_mut(&entry.issuer) {
            issuer.of_kind_mut(entry.kind).insert(ByName(Arc::clone(&entry)));
            self.by_end.insert(ByEnd(entry));
        }
    }

    fn remove(&mut self, entry: &Arc<Entry>) {
        self.by_end.remove(&ByEnd(Arc::clone(entry)));
        if let Some(issuer) = self.issuers.get_mut(&entry.issuer) {
            issuer.of_kind_mut(entry.kind).remove(&*entry.name);
        }
    }
}

#[cfg(test)]
mod tests;
