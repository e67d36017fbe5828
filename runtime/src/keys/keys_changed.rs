//! Differences between two key sets.

use std::fmt;

use super::set::KeySet;

/// Largest number of `kid` values that a log entry lists.
const LOGGED: usize = 8;

/// Change of an issuer's usable keys; see
/// [`on_keys_changed`](crate::ResourceServerBuilder::on_keys_changed).
///
/// Each list contains the `kid` of at most 100 keys. Each `kid` is escaped and cut to 64
/// characters, and the lists are sorted. If the key of a `kid` was replaced, the `kid` is in both
/// lists. One empty string in a list stands for all keys without a `kid`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeysChanged {
    /// Identifier of the issuer.
    pub issuer: String,
    /// The `kid` of each key that the server has accepted since this change and did not accept
    /// before.
    pub added: Vec<String>,
    /// The `kid` of each key that the server accepted before this change and no longer accepts. The
    /// server refuses tokens that these keys signed.
    pub removed: Vec<String>,
}

impl KeysChanged {
    /// Compares two key sets. Returns `None` if both sets have the same usable keys.
    pub(super) fn between(issuer: &str, before: Option<&KeySet>, after: &KeySet) -> Option<Self> {
        let nothing = KeySet::default();
        let before = before.unwrap_or(&nothing);
        let changed = Self {
            issuer: issuer.to_owned(),
            added: after.names_not_in(before),
            removed: before.names_not_in(after),
        };
        (!changed.added.is_empty() || !changed.removed.is_empty()).then_some(changed)
    }
}

/// The `kid` values of a list of keys, formatted for the log.
pub(super) struct Names<'a>(pub(super) &'a [String]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.0.iter().take(LOGGED).enumerate() {
            let before = if index == 0 { "" } else { ", " };
            write!(formatter, "{before}{name}")?;
        }
        match self.0.len().saturating_sub(LOGGED) {
            0 => Ok(()),
            more => write!(formatter, " and {more} more"),
        }
    }
}
