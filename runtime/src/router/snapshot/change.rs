//! Differences from a snapshot, for people.

use std::fmt;

use crate::policy::display::one_line;

/// The effect of a change of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ChangeKind {
    /// A caller who was refused is now allowed.
    Weaker,
    /// The route is new, and does not take requests from a stricter route.
    New,
    /// A caller who was allowed is now refused, and none who was refused is now allowed.
    Stronger,
    /// The text differs and the decisions are the same.
    Reworded,
    /// The route is gone, and no laxer route takes its requests.
    Gone,
}

/// One route that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessChange {
    /// The effect of the change.
    pub kind: ChangeKind,
    /// The method and path of the route.
    pub route: String,
    /// The access before and now, for people.
    pub detail: String,
}

/// The routes that differ from a file, weaker ones first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessChanges(Vec<AccessChange>);

impl AccessChanges {
    /// The changes, weaker routes first.
    pub fn iter(&self) -> impl Iterator<Item = &AccessChange> {
        self.0.iter()
    }

    pub(super) fn unless_empty(mut changes: Vec<AccessChange>) -> Result<(), Self> {
        changes.sort_by_key(|change| change.kind);
        if changes.is_empty() { Ok(()) } else { Err(Self(changes)) }
    }

    /// Creates the change for a text that is not a snapshot. Without known earlier refusals, every
    /// route may now be weaker.
    pub(super) fn not_a_snapshot() -> Self {
        Self(vec![AccessChange {
            kind: ChangeKind::Weaker,
            route: "every route".to_owned(),
            detail: "the file is not a snapshot, or lists a route twice".to_owned(),
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
