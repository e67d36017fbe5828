//! The list of revocations as a pure state machine: no clock, no lock.
//!
//! Requests wait while it is changed. So no call looks at all entries: the first that end are at
//! hand, and each new entry drops as many expired ones as it needs the room of, or two.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::SystemTime;

use super::entry::{ByEnd, ByName, Entry};
use super::error::RevocationError;
use super::of_issuer::OfIssuer;
use super::target::Revocation;
use crate::token::AccessToken;

/// The bytes up to which expired entries stay, as long as there is room: a clock that is put
/// forward by mistake makes no token valid again.
const FEW: usize = 64 * 1024;

/// The expired entries that a new one drops beyond that: more than one, so that a list which was
/// long becomes short again.
const DROPPED: usize = 2;

pub(super) struct List {
    /// Those of the server, and no others.
    issuers: HashMap<Arc<str>, OfIssuer>,
    ends: BTreeSet<ByEnd>,
    bytes: usize,
    limit: usize,
    /// The entries looked at besides those of the same name.
    #[cfg(test)]
    looked_at: usize,
}

impl List {
    pub(super) fn new<'a>(issuers: impl IntoIterator<Item = &'a str>, limit: usize) -> Self {
        let nothing = |issuer: &str| (issuer.into(), OfIssuer::default());
        Self {
            issuers: issuers.into_iter().map(nothing).collect(),
            ends: BTreeSet::new(),
            bytes: 0,
            limit,
            #[cfg(test)]
            looked_at: 0,
        }
    }

    /// Adds a revocation; what ended in the `past` may make room. Returns whether it concerns tokens
    /// that none before it did.
    pub(super) fn insert(
        &mut self,
        revocation: Revocation,
        until: SystemTime,
        past: SystemTime,
    ) -> Result<bool, RevocationError> {
        let Revocation { issuer, kind, name, latest } = revocation;
        // It would concern nothing, or two times were mixed up.
        if until <= past {
            return Err(RevocationError::Over);
        }
        let known = self.issuers.get_key_value(issuer.as_str());
        let (issuer, entries) = known.ok_or(RevocationError::UnknownIssuer)?;
        let mut entry =
            Entry { issuer: Arc::clone(issuer), kind, name: name.into(), until, latest };
        let Some(known) = entries.of(kind).get(&*entry.name) else {
            self.take_room(entry.size(), past)?;
            self.add(entry);
            return Ok(true);
        };
        let known = Arc::clone(&known.0);
        let is_news = known.latest < latest;
        entry.until = entry.until.max(known.until);
        entry.latest = entry.latest.max(known.latest);
        self.remove(&known);
        self.add(entry);
        Ok(is_news)
    }

    /// Whether the token is revoked. Each entry counts, expired or not, so that a clock which is put
    /// back makes no token valid again.
    pub(super) fn concerns(&self, token: &AccessToken) -> bool {
        let issuer = self.issuers.get(token.issuer());
        issuer.is_some_and(|issuer| issuer.concerns(token))
    }

    fn take_room(&mut self, bytes: usize, past: SystemTime) -> Result<(), RevocationError> {
        let mut dropped = 0_usize;
        loop {
            let total = self.bytes.saturating_add(bytes);
            let drops = total > self.limit || (total > FEW && dropped < DROPPED);
            if drops && self.drop_first(past) {
                dropped = dropped.saturating_add(1);
            } else if total > self.limit {
                return Err(RevocationError::Full);
            } else {
                self.bytes = total;
                return Ok(());
            }
        }
    }

    /// Drops the entry that ends first, if it has ended.
    fn drop_first(&mut self, past: SystemTime) -> bool {
        #[cfg(test)]
        {
            self.looked_at += 1;
        }
        let first = self.ends.first().map(|first| Arc::clone(&first.0));
        let Some(first) = first.filter(|first| first.until <= past) else {
            return false;
        };
        self.remove(&first);
        self.bytes = self.bytes.saturating_sub(first.size());
        true
    }

    fn add(&mut self, entry: Entry) {
        let entry = Arc::new(entry);
        if let Some(issuer) = self.issuers.get_mut(&entry.issuer) {
            issuer.of_mut(entry.kind).insert(ByName(Arc::clone(&entry)));
            self.ends.insert(ByEnd(entry));
        }
    }

    fn remove(&mut self, entry: &Arc<Entry>) {
        self.ends.remove(&ByEnd(Arc::clone(entry)));
        if let Some(issuer) = self.issuers.get_mut(&entry.issuer) {
            issuer.of_mut(entry.kind).remove(&*entry.name);
        }
    }
}

#[cfg(test)]
mod tests;
