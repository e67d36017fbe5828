//! Snapshots of an access table for a file under version control, and the comparison of a table
//! with a snapshot.

mod access_entry;
mod change;
mod demand;
mod diff;
pub(super) mod path;
mod pattern_conflicts;
mod rows;
mod strictness;

use super::access_row::AccessRow;
use super::declared_handler::Access;
use super::table::AccessTable;

pub use self::change::{AccessChange, AccessChanges, ChangeKind};

use self::access_entry::{Entries, Entry};
use self::diff::changes;
use self::path::{computed, unknown_route};
use self::rows::Rows;

impl AccessTable {
    /// Returns the table as sorted JSON text for a file. The text contains no source locations,
    /// because edits of the source code change the locations.
    #[must_use]
    pub fn to_snapshot(&self) -> String {
        // The conversion to JSON cannot fail, because the entries contain only strings, lists and
        // maps with string keys.
        serde_json::to_string_pretty(&self.entries()).unwrap_or_default() + "\n"
    }

    /// Compares the table with an earlier result of [`to_snapshot`](Self::to_snapshot). Compares a
    /// removed route with the broader route that its requests now reach, and an added route with
    /// the broader route that its requests reached before. Ignores the names of path parameters and
    /// the code of checks.
    ///
    /// # Errors
    ///
    /// Returns a change for every route that differs. If `before` is not a snapshot, returns a
    /// single [`ChangeKind::Weaker`] change that stands for all routes.
    pub fn compare(&self, before: &str) -> Result<(), AccessChanges> {
        let Some(before) = access_entry::read(before).and_then(Rows::distinct) else {
            return Err(AccessChanges::not_a_snapshot());
        };
        let (now, _) = Rows::new(self.entries());
        AccessChanges::unless_empty(changes(&before, &now))
    }

    fn entries(&self) -> Entries {
        let mut entries = Entries::new();
        for route in self.routes() {
            let (name, entry) = (name(route), Entry::of(route));
            // A pattern whose routes have different access stands for none of them.
            let is_conflict = entries.get(&name).is_some_and(|known| *known != entry);
            let name = if is_conflict { path_name(route) } else { name };
            entries.insert(name, entry);
        }
        entries
    }
}

/// Returns the name of a row in snapshots: its method and its path or pattern, and the reason for
/// unknown routes.
fn name(route: &AccessRow) -> String {
    match &route.access {
        Access::Unknown(unknown) => unknown_route(&route.path, unknown.reason),
        Access::Protected(_) | Access::Public(_) => match route.pattern() {
            Some(pattern) => format!("{} {}", route.method, computed(pattern)),
            None => path_name(route),
        },
    }
}

fn path_name(route: &AccessRow) -> String {
    format!("{} {}", route.method, route.path)
}

#[cfg(test)]
mod tests;
