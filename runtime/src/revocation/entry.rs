//! Entry of the revocation list, and the two wrappers that index an entry.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::SystemTime;

use super::target::Kind;

/// Entry of the revocation list. An entry is immutable: the list replaces an entry to change its
/// times.
pub(super) struct Entry {
    pub(super) issuer: Arc<str>,
    pub(super) kind: Kind,
    pub(super) name: Box<str>,
    pub(super) until: SystemTime,
    /// Latest `iat` of the revoked tokens. `None` for `Kind::Token` and `Kind::Session`, which
    /// revoke tokens regardless of `iat`.
    pub(super) latest: Option<SystemTime>,
}

impl Entry {
    /// Returns the size in bytes, including the entry's share of both indexes and of their unused
    /// capacity.
    pub(super) fn size(&self) -> usize {
        size(&self.name)
    }

    /// Returns true if the entry concerns a token with this `iat`. A token without `iat` may have
    /// been issued at any time, so the entry concerns the token.
    pub(super) fn covers(&self, issued_at: Option<SystemTime>) -> bool {
        issued_at.is_none_or(|issued| self.latest.is_some_and(|latest| issued <= latest))
    }

    /// Returns the sort key: `until`, then fields that distinguish entries with the same `until`.
    fn sort_key(&self) -> (SystemTime, &str, Kind, &str) {
        (self.until, &self.name, self.kind, &self.issuer)
    }
}

/// Size of an entry without its name, in bytes.
pub(super) const ENTRY_BYTES: usize = 160;

pub(super) fn size(name: &str) -> usize {
    name.len().saturating_add(ENTRY_BYTES)
}

/// Entry that is hashed and compared by its name, among the entries of one issuer and one kind.
/// Names are compared in full.
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

/// Entry that is sorted by the end of the revocation, among all entries of the list.
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
