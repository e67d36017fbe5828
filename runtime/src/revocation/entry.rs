//! One entry of the list, and the two orders that entries are kept in.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::SystemTime;

use super::target::Kind;

/// Never changed: another time is another entry.
pub(super) struct Entry {
    pub(super) issuer: Arc<str>,
    pub(super) kind: Kind,
    pub(super) name: Box<str>,
    pub(super) until: SystemTime,
    /// The latest `iat` that it concerns, for kinds that concern several tokens.
    pub(super) latest: Option<SystemTime>,
}

impl Entry {
    /// The bytes that it takes, with its share of both orders and their empty places.
    pub(super) fn size(&self) -> usize {
        size(&self.name)
    }

    /// Whether it concerns a token with this `iat`. One without may have been issued at any time.
    pub(super) fn covers(&self, issued_at: Option<SystemTime>) -> bool {
        issued_at.is_none_or(|issued| self.latest.is_some_and(|latest| issued <= latest))
    }

    /// The time first; the rest tells entries with the same one apart.
    fn order(&self) -> (SystemTime, &str, Kind, &str) {
        (self.until, &self.name, self.kind, &self.issuer)
    }
}

/// The bytes of an entry besides those of its name.
pub(super) const ENTRY: usize = 144;

pub(super) fn size(name: &str) -> usize {
    name.len().saturating_add(ENTRY)
}

/// An entry among those of its issuer and its kind: by its name, compared in full.
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

/// An entry among all: by the time of its end.
pub(super) struct ByEnd(pub(super) Arc<Entry>);

impl Ord for ByEnd {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.order().cmp(&other.0.order())
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
