//! What is different in a new set.

use std::fmt;

use super::set::KeySet;

/// The most names that the log has of one change.
const LOGGED: usize = 8;

/// An issuer's keys are others than before; see
/// [`on_keys_changed`](crate::ResourceServerBuilder::on_keys_changed).
///
/// Keys are named by their `kid`, escaped and cut to 64 characters, in order; at most 100 on either
/// side. One whose `kid` stayed while the key itself is another is on both sides; keys without a
/// `kid` are, all together, the empty name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeysChanged {
    /// The identifier of the issuer.
    pub issuer: String,
    /// The keys that are good from now on.
    pub added: Vec<String>,
    /// The keys that are no longer good, and no token that they signed.
    pub removed: Vec<String>,
}

impl KeysChanged {
    /// Nothing where the usable keys are the same.
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

/// Names as the log has them.
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
