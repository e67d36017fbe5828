//! What differs from a snapshot, in words.

use std::fmt;

use crate::policy::display::one_line;

/// How a route differs from what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ChangeKind {
    /// Somebody who was refused is let through.
    Weaker,
    /// It was not there, and takes nothing from a stricter route.
    New,
    /// Nobody who was refused is let through, and somebody who was let through is refused.
    Stronger,
    /// It reads differently and decides the same.
    Reworded,
    /// It is no longer there, and no laxer route takes its requests.
    Gone,
}

/// One route that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessChange {
    /// In which way.
    pub kind: ChangeKind,
    /// Its method and path.
    pub route: String,
    /// What it was and what it is, in words.
    pub detail: String,
}

/// The routes that differ from a file, weaker ones first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessChanges(Vec<AccessChange>);

impl AccessChanges {
    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &AccessChange> {
        self.0.iter()
    }

    pub(super) fn unless_empty(mut changes: Vec<AccessChange>) -> Result<(), Self> {
        changes.sort_by_key(|change| change.kind);
        if changes.is_empty() { Ok(()) } else { Err(Self(changes)) }
    }

    /// Of what is not known to have been refused, anything may be let through now.
    pub(super) fn not_a_snapshot() -> Self {
        Self(vec![AccessChange {
            kind: ChangeKind::Weaker,
            route: "every route".to_owned(),
            detail: "this is no snapshot, or it has a route twice".to_owned(),
        }])
    }
}

impl fmt::Display for AccessChanges {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for AccessChange { kind, route, detail } in &self.0 {
            let kind = match kind {
                ChangeKind::Weaker => "WEAKER",
                ChangeKind::New => "new",
                ChangeKind::Stronger => "stronger",
                ChangeKind::Reworded => "reworded",
                ChangeKind::Gone => "gone",
            };
            let line = format!("{kind} {route}: {detail}");
            writeln!(formatter, "{}", one_line(&line))?;
        }
        Ok(())
    }
}

impl std::error::Error for AccessChanges {}
