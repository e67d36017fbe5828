//! Finds variables whose names are typing errors of names in the table.

use strsim::osa_distance;

use super::table::table;

/// The prefix that `OAUTH_` becomes without its first letter.
const PREFIX_OF_OTHERS: &str = "AUTH_";

/// A variable whose name differs from a name in the table by one typing error.
pub(super) struct Misspelling<'a> {
    pub(super) written: &'a str,
    pub(super) known: &'static str,
}

impl<'a> Misspelling<'a> {
    /// Returns the misspelling if the name has one inserted, missing or replaced character, or two
    /// transposed ones. Other names, such as the `OAUTH_SERVICE_HOST` of Kubernetes, belong to
    /// other programs.
    pub(super) fn of(written: &'a str) -> Option<Self> {
        table()
            .map(|variable| variable.name)
            .find(|known| differs_by_one_slip(written, known))
            .map(|known| Self { written, known })
    }

    /// Returns false if the name may belong to another program: other programs use `AUTH_PROVIDER`,
    /// but none uses `OUATH_PROVIDER`.
    pub(super) fn is_certain(&self) -> bool {
        !self.written.starts_with(PREFIX_OF_OTHERS)
    }
}

fn differs_by_one_slip(written: &str, known: &str) -> bool {
    // The distance takes time in proportion to both lengths, and a slip adds at most one character,
    // of at most four bytes.
    written.len().abs_diff(known.len()) <= 4 && osa_distance(written, known) == 1
}
