//! The access table beside the file that a review agreed to.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fmt, fs, io};

use crate::router::{AccessChanges, AccessTable};

/// Set to `1`, it writes the file anew instead of comparing.
const BLESS: &str = "AXUM_PROTECTED_BLESS";

impl AccessTable {
    /// Compares with a file that is kept beside the code; weaker routes come first in the error.
    ///
    /// ```no_run
    /// # fn example(table: axum_protected::AccessTable) {
    /// table.assert_unchanged("tests/access.json").unwrap();
    /// # }
    /// ```
    ///
    /// `AXUM_PROTECTED_BLESS=1 cargo test` writes the file, the first time and whenever the change
    /// is meant.
    ///
    /// What a check does inside is not compared, be it a function with a name or written inline: only
    /// which checks a route demands. A check that is changed to let more through is no difference
    /// here, so test what it refuses. Nor are two functions of one name told apart that are written
    /// within two functions of one module.
    ///
    /// # Errors
    ///
    /// Every route that differs, that the file is no snapshot, or why it cannot be read or written.
    pub fn assert_unchanged(&self, file: impl AsRef<Path>) -> Result<(), AccessSnapshotError> {
        let file = file.as_ref();
        let problem = |kind| AccessSnapshotError {
            file: file.to_owned(),
            kind,
        };
        if env::var_os(BLESS).is_some_and(|value| value == "1") {
            let written = fs::write(file, self.to_snapshot());
            return written.map_err(|error| problem(Kind::File(error)));
        }
        let before = fs::read_to_string(file).map_err(|error| problem(Kind::File(error)))?;
        self.compare(&before)
            .map_err(|changes| problem(Kind::Changed(changes)))
    }
}

/// What a snapshot has to say against an access table.
pub struct AccessSnapshotError {
    file: PathBuf,
    kind: Kind,
}

enum Kind {
    Changed(AccessChanges),
    File(io::Error),
}

impl AccessSnapshotError {
    /// The routes that differ; nothing where the file cannot be read or written.
    #[must_use]
    pub fn changes(&self) -> Option<&AccessChanges> {
        match &self.kind {
            Kind::Changed(changes) => Some(changes),
            Kind::File(_) => None,
        }
    }
}

impl fmt::Display for AccessSnapshotError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        match &self.kind {
            Kind::Changed(changes) => write!(
                formatter,
                "who may call what is not as in `{file}`:\n{changes}if it is meant, run `{BLESS}=1 cargo test`"
            ),
            Kind::File(error) if error.kind() == io::ErrorKind::NotFound => write!(
                formatter,
                "there is no snapshot at `{file}`: run `{BLESS}=1 cargo test` to write the first, in a folder that is there"
            ),
            Kind::File(error) => write!(formatter, "the snapshot `{file}`: {error}"),
        }
    }
}

/// As `unwrap` in a test shows it.
impl fmt::Debug for AccessSnapshotError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl Error for AccessSnapshotError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            Kind::Changed(changes) => Some(changes),
            Kind::File(error) => Some(error),
        }
    }
}
