//! Entry of the revocation list, and the wrappers `ByName` and `ByEnd`, by which two indexes
//! contain an entry.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{self, AtomicU32};
use std::time::Duration;

use super::record::{self, RevocationText};
use super::target::Kind;
use super::timestamp::Timestamp;

/// Entry of the revocation list. The times of an entry do not change: to change them, the list
/// replaces the entry. The entry is small, because a list may have a million of them.
pub(super) struct Entry {
    pub(super) until: Timestamp,
    /// Latest `iat` of the tokens that this entry revokes. Not used for `Kind::Token` and
    /// `Kind::Session`, which revoke tokens regardless of `iat`.
    latest: Timestamp,
    pub(super) name: Box<str>,
    place: u32,
    /// Last generation in which the log had a record of the whole entry. Zero if it had none.
    generation: AtomicU32,
}

/// Number of the kinds, by which a place has room for the number of the issuer.
const KINDS: u32 = 5;

impl Entry {
    /// Creates an entry of the issuer with this number in the list.
    pub(super) fn new(
        issuer: u32,
        kind: Kind,
        name: Box<str>,
        until: Timestamp,
        latest: Option<Timestamp>,
    ) -> Self {
        Self {
            until,
            latest: latest.unwrap_or_default(),
            name,
            place: issuer.saturating_mul(KINDS).saturating_add(kind as u32),
            generation: AtomicU32::new(0),
        }
    }

    /// Returns an entry that is sorted before all entries that end after this time, and after all
    /// others. It is not part of a list.
    pub(super) fn first_after(time: Timestamp) -> Self {
        let until = time.plus(Duration::from_nanos(1));
        Self::new(0, Kind::Token, Box::default(), until, None)
    }

    /// Writes the entry as a record. `issuers` are the identifiers of the issuers by their numbers.
    pub(super) fn record(&self, issuers: &[Arc<str>]) -> Option<String> {
        let issuer = issuers.get(usize::try_from(self.issuer()).ok()?)?;
        Some(record::revocation(&RevocationText {
            issuer,
            kind: self.kind(),
            name: &self.name,
            until: self.until,
            latest: self.latest(),
        }))
    }

    /// Returns the number of the issuer in the list.
    pub(super) fn issuer(&self) -> u32 {
        self.place / KINDS
    }

    pub(super) fn kind(&self) -> Kind {
        match self.place.checked_rem(KINDS) {
            Some(0) => Kind::Token,
            Some(1) => Kind::Session,
            Some(2) => Kind::Subject,
            Some(3) => Kind::Client,
            _ => Kind::Issuer,
        }
    }

    /// Returns the latest `iat` of the tokens that this entry revokes. `None` if it revokes tokens
    /// regardless of `iat`.
    pub(super) fn latest(&self) -> Option<Timestamp> {
        self.kind().has_latest().then_some(self.latest)
    }

    /// Returns the size of the entry in bytes, including its share of both indexes and of their
    /// unused capacity.
    pub(super) fn size(&self) -> usize {
        size(&self.name)
    }

    /// Returns true if the entry revokes a token with this `iat`. Also returns true for a token
    /// without `iat`, because the issuer may have issued such a token at any time.
    pub(super) fn covers(&self, issued_at: Option<Timestamp>) -> bool {
        issued_at.is_none_or(|issued| issued <= self.latest)
    }

    /// Returns the generation in which the log last had a record of the whole entry.
    pub(super) fn generation(&self) -> u32 {
        self.generation.load(atomic::Ordering::Relaxed)
    }

    /// Records that the log has a record of the whole entry in this generation.
    pub(super) fn mark(&self, generation: u32) {
        self.generation.fetch_max(generation, atomic::Ordering::Relaxed);
    }

    /// Returns the sort key: `until`, then fields that distinguish entries with the same `until`.
    fn sort_key(&self) -> (Timestamp, &str, u32) {
        (self.until, &self.name, self.place)
    }
}

/// Size of an entry in bytes, without the text of its name.
pub(super) const ENTRY_BYTES: usize = 128;

pub(super) fn size(name: &str) -> usize {
    name.len().saturating_add(ENTRY_BYTES)
}

/// Entry that is hashed and compared by its name. A set of `ByName` contains the entries of one
/// issuer and one kind. Names with the same hash are compared in full.
pub(super) struct ByName(pub(super) Arc<Entry>);

impl Borrow<str> for ByName {
    fn borrow(&self) -> &str {
        &self.0.name
    }
}

impl Hash for ByName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.name.hash(state);
    }
}

impl PartialEq for ByName {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name
    }
}

impl Eq for ByName {}

/// Entry that is sorted by the end of its revocation. The set of `ByEnd` contains all entries of
/// the list.
pub(super) struct ByEnd(pub(super) Arc<Entry>);

impl Ord for ByEnd {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.sort_key().cmp(&other.0.sort_key())
    }
}

impl PartialOrd for ByEnd {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for ByEnd {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for ByEnd {}
