//! Snapshots of an access table, for a file under version control, and comparison with them.

mod access_entry;
mod change;
mod demand;
mod diff;
mod path;
mod rows;
mod strictness;

use super::table::AccessTable;

pub use self::change::{AccessChange, AccessChanges, ChangeKind};

use self::access_entry::{Entries, Entry};
use self::diff::changes;
use self::rows::Rows;

impl AccessTable {
    /// Returns the table as text for a file: sorted JSON. Source locations are left out, because they
    /// change with every edit.
    #[must_use]
    pub fn to_snapshot(&self) -> String {
        // The entries contain only strings, lists and maps with string keys, which are always valid JSON.
        serde_json::to_string_pretty(&self.entries()).unwrap_or_default() + "\n"
    }

    /// Compares the table with an earlier result of [`to_snapshot`](Self::to_snapshot). A request for
    /// which a route was removed or added is compared with the broader route that answers it now or
    /// answered it before. Names of path parameters and the code of checks are not compared.
    ///
    /// # Errors
    ///
    /// Every route that differs. For a text that is not a snapshot, one [`ChangeKind::Weaker`] change
    /// that stands for all routes.
    pub fn compare(&self, before: &str) -> Result<(), AccessChanges> {
        let Some(before) = access_entry::read(before).and_then(Rows::distinct) else {
            return Err(AccessChanges::not_a_snapshot());
        };
        let (now, _) = Rows::new(self.entries());
        AccessChanges::unless_empty(changes(&before, &now))
    }

    fn entries(&self) -> Entries {
        self.routes()
            .map(|route| (format!("{} {}", route.method, route.path), Entry::of(&route.access)))
            .collect()
    }
}

#[cfg(test)]
mod tests;
