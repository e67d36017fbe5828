//! Finds variables whose names are typing errors of known names.

use strsim::osa_distance;

/// The prefix that `OAUTH_` becomes without its first letter.
const PREFIX_OF_OTHERS: &str = "AUTH_";

/// A variable whose name differs from a known name by one typing error.
pub(super) struct Misspelling<'a> {
    pub(super) written: &'a str,
    pub(super) known: &'static str,
}

impl<'a> Misspelling<'a> {
    /// Returns the misspelling if the name has one inserted, missing or replaced character, or two
    /// transposed ones. Other names, such as the `OAUTH_SERVICE_HOST` of Kubernetes, belong to
    /// other programs.
    pub(super) fn of(
        written: &'a str,
        mut known: impl Iterator<Item = &'static str>,
    ) -> Option<Self> {
        let known = known.find(|known| differs_by_one_slip(written, known))?;
        Some(Self { written, known })
    }

    /// Returns the problem if the variable with the known name is not set.
    pub(super) fn problem(&self) -> String {
        let Self { written, known } = self;
        format!(
            "the environment variable `{known}` is not set, but `{written}` is: correct the name"
        )
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
