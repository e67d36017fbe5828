//! A list of problems that are collected and reported in one error.

use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problems(Vec<String>);

impl Problems {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Returns the error that `error` makes from the problems, or `Ok` without a problem.
    pub(crate) fn into_result<E>(self, error: impl FnOnce(Self) -> E) -> Result<(), E> {
        if self.0.is_empty() { Ok(()) } else { Err(error(self)) }
    }
}

impl From<Vec<String>> for Problems {
    fn from(problems: Vec<String>) -> Self {
        Self(problems)
    }
}

/// Writes the problems separated by semicolons.
impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join("; "))
    }
}
