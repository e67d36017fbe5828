//! The differences between an access table and an OpenAPI document.

use std::error::Error;
use std::fmt;

/// The operations in which an access table and an OpenAPI document differ.
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

    /// Returns the routes of the table that the document lacks.
    pub fn undocumented(&self) -> impl Iterator<Item = &str> {
        self.undocumented.iter().map(String::as_str)
    }

    /// Returns the operations of the document that have no route in the table.
    /// [`AccessTable::describe`](crate::router::AccessTable::describe) did not describe these
    /// operations, because their access is unknown.
    pub fn undeclared(&self) -> impl Iterator<Item = &str> {
        self.undeclared.iter().map(String::as_str)
    }

    /// Returns the operations whose `security` in the document differed from the enforced
    /// `security`. [`AccessTable::describe`](crate::router::AccessTable::describe) corrected the
    /// `security` of these operations.
    pub fn contradicting(&self) -> impl Iterator<Item = &str> {
        self.contradicting.iter().map(String::as_str)
    }
}

impl fmt::Display for DocumentMismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = [
            ("the document lacks", &self.undocumented),
            ("the router declares no route for", &self.undeclared),
            ("the document had a different `security` for", &self.contradicting),
        ];
        let problems: Vec<_> = all
            .iter()
            .filter(|(_, operations)| !operations.is_empty())
            .map(|(problem, operations)| {
                let operations: Vec<_> = operations.iter().map(|one| format!("`{one}`")).collect();
                format!("{problem} {}", operations.join(", "))
            })
            .collect();
        formatter.write_str(&problems.join("; "))
    }
}

impl Error for DocumentMismatch {}
