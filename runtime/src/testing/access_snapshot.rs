//! The access table beside the file that a review agreed to.

use std::error::Error;
use std::path::Path;
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
    /// # Errors
    ///
    /// Every route that differs, or why the file cannot be read or written.
    pub fn assert_unchanged(&self, file: impl AsRef<Path>) -> Result<(), AccessSnapshotError> {
        let file = file.as_ref();
        if env::var_os(BLESS).is_some_and(|value| value == "1") {
            return fs::write(file, self.to_snapshot()).map_err(AccessSnapshotError::File);
        }
        let before = match fs::read_to_string(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            read => read.map_err(AccessSnapshotError::File)?,
        };
        self.compare(&before).map_err(AccessSnapshotError::Changed)
    }
}

/// What a snapshot has to say against an access table.
#[non_exhaustive]
pub enum AccessSnapshotError {
    /// Routes differ.
    Changed(AccessChanges),
    /// The file cannot be read or written.
    File(io::Error),
}

impl fmt::Display for AccessSnapshotError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed(changes) => write!(
                formatter,
                "who may call what has changed:\n{changes}if it is meant, run `{BLESS}=1 cargo test`"
            ),
            Self::File(error) => write!(formatter, "the snapshot: {error}"),
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
        match self {
            Self::Changed(changes) => Some(changes),
            Self::File(error) => Some(error),
        }
    }
}
