//! The differences between an access table and a snapshot, for people.

use std::fmt;

use crate::policy::display::one_line;

/// The effect that a change of a route has on its callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ChangeKind {
    /// The route now allows a caller whom it refused before.
    Weaker,
    /// The route is new, and none of its requests reached a stricter route before.
    New,
    /// The route now refuses a caller whom it allowed before, and refuses every caller whom it
    /// refused before.
    Stronger,
    /// The declaration of the access differs in its text only: the route allows the same callers as
    /// before.
    Reworded,
    /// The route was removed, and none of its requests now reaches a less strict route.
    Gone,
}

/// One route whose access differs from the snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessChange {
    /// The effect of the change.
    pub kind: ChangeKind,
    /// The method and path of the route.
    pub route: String,
    /// The access of the route before and now, for people.
    pub detail: String,
}

/// The routes that differ from a snapshot, sorted so that weaker routes come first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessChanges(Vec<AccessChange>);

impl AccessChanges {
    /// Returns the changes, sorted so that weaker routes come first.
    pub fn iter(&self) -> impl Iterator<Item = &AccessChange> {
        self.0.iter()
    }

    pub(super) fn unless_empty(mut changes: Vec<AccessChange>) -> Result<(), Self> {
        changes.sort_by_key(|change| change.kind);
        if changes.is_empty() { Ok(()) } else { Err(Self(changes)) }
    }

    /// Creates the change for a text that is not a snapshot. The change is [`ChangeKind::Weaker`],
    /// because without a snapshot every route may be weaker than before.
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
