//! Where a table and a document differ.

use std::error::Error;
use std::fmt;

/// Where an access table and a document are not of the same operations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentMismatch {
    pub(super) undocumented: Vec<String>,
    pub(super) undeclared: Vec<String>,
    pub(super) contradicting: Vec<String>,
}

impl DocumentMismatch {
    pub(super) fn unless_empty(self) -> Result<(), Self> {
        if self == Self::default() { Ok(()) } else { Err(self) }
    }

    /// Routes that the document lacks.
    pub fn undocumented(&self) -> impl Iterator<Item = &str> {
        self.undocumented.iter().map(String::as_str)
    }

    /// Operations of which the table knows no route, so that nothing is said of who may call them.
    pub fn undeclared(&self) -> impl Iterator<Item = &str> {
        self.undeclared.iter().map(String::as_str)
    }

    /// Operations whose `security` said something else than what is enforced; it was corrected.
    pub fn contradicting(&self) -> impl Iterator<Item = &str> {
        self.contradicting.iter().map(String::as_str)
    }
}

impl fmt::Display for DocumentMismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = [
            ("the document lacks", &self.undocumented),
            ("no route is known for", &self.undeclared),
            ("the document said otherwise of", &self.contradicting),
        ];
        let told = all.iter().filter(|(_, operations)| !operations.is_empty());
        let told = told.map(|(what, operations)| {
            let operations: Vec<_> = operations.iter().map(|one| format!("`{one}`")).collect();
            format!("{what} {}", operations.join(", "))
        });
        formatter.write_str(&told.collect::<Vec<_>>().join("; "))
    }
}

impl Error for DocumentMismatch {}
