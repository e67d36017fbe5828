//! An access table as a file to keep beside the code, and what a change of the code changed in it.

mod access_entry;
mod change;
mod compare;
mod demand;
mod diff;
mod path;
mod rows;

use super::table::AccessTable;

pub use self::change::{AccessChange, AccessChanges, ChangeKind};

use self::access_entry::{Entries, Entry};
use self::diff::changes;
use self::rows::Rows;

impl AccessTable {
    /// Who may call what as a text to keep in a file: sorted JSON, without the places in the source,
    /// which change when nothing else does.
    #[must_use]
    pub fn to_snapshot(&self) -> String {
        // Maps of strings and trees of strings have no value that JSON has not.
        serde_json::to_string_pretty(&self.entries()).unwrap_or_default() + "\n"
    }

    /// Compares with what [`to_snapshot`](Self::to_snapshot) gave before: whom a request was
    /// answered for, and whom it is answered for now, be it by a broader route. How parameters of a
    /// path are called does not matter, nor what a check does inside.
    ///
    /// # Errors
    ///
    /// Every route that differs; for a text that is no snapshot one that is weaker and stands for all.
    pub fn compare(&self, before: &str) -> Result<(), AccessChanges> {
        let Some(before) = access_entry::read(before).and_then(Rows::distinct) else {
            return Err(AccessChanges::not_a_snapshot());
        };
        let (now, _) = Rows::new(self.entries());
        AccessChanges::unless_empty(changes(&before, &now))
    }

    fn entries(&self) -> Entries {
        let entry = |route: &super::AccessRow| {
            let name = format!("{} {}", route.method, route.path);
            (name, Entry::of(&route.access))
        };
        self.routes().map(entry).collect()
    }
}

#[cfg(test)]
mod tests;
