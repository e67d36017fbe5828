//! Differences between two key sets.

use std::fmt;

use super::set::KeySet;

/// Largest number of names in a log entry.
const LOGGED: usize = 8;

/// Change of an issuer's usable keys; see
/// [`on_keys_changed`](crate::ResourceServerBuilder::on_keys_changed).
///
/// Each list has the `kid` of at most 100 keys, sorted, escaped and cut to 64 characters. A `kid`
/// whose key was replaced is in both lists. All keys without a `kid` together are one empty name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeysChanged {
    /// Identifier of the issuer.
    pub issuer: String,
    /// Keys that are accepted from now on.
    pub added: Vec<String>,
    /// Keys that are no longer accepted. Tokens that they signed are refused.
    pub removed: Vec<String>,
}

impl KeysChanged {
    /// Compares two sets. Returns `None` if the usable keys are the same.
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

/// Formats names for the log.
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
