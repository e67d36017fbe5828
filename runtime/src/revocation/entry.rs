//! Entry of the revocation list, and the wrappers `ByName` and `ByEnd`, by which two indexes
//! contain an entry.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::SystemTime;

use super::target::Kind;

/// Entry of the revocation list. An entry is immutable: to change the times of an entry, the list
/// replaces the entry.
pub(super) struct Entry {
    pub(super) issuer: Arc<str>,
    pub(super) kind: Kind,
    pub(super) name: Box<str>,
    pub(super) until: SystemTime,
    /// Latest `iat` of the tokens that this entry revokes. `None` for `Kind::Token` and
    /// `Kind::Session`, which revoke tokens regardless of `iat`.
    pub(super) latest: Option<SystemTime>,
}

impl Entry {
    /// Returns the size of the entry in bytes, including its share of both indexes and of their
    /// unused capacity.
    pub(super) fn size(&self) -> usize {
        size(&self.name)
    }

    /// Returns true if the entry revokes a token with this `iat`. Also returns true for a token
    /// without `iat`, because the issuer may have issued such a token at any time.
    pub(super) fn covers(&self, issued_at: Option<SystemTime>) -> bool {
        issued_at.is_none_or(|issued| self.latest.is_some_and(|latest| issued <= latest))
    }

    /// Returns the sort key: `until`, then fields that distinguish entries with the same `until`.
    fn sort_key(&self) -> (SystemTime, &str, Kind, &str) {
        (self.until, &self.name, self.kind, &self.issuer)
    }
}

/// Size of an entry in bytes, without the text of its name.
pub(super) const ENTRY_BYTES: usize = 160;

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
