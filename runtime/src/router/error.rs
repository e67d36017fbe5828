//! What only shows when the routes are together.

use std::error::Error;
use std::fmt;

/// Everything that is wrong with the routes, at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouterError {
    problems: Vec<String>,
}

impl RouterError {
    pub(super) fn unless_empty(problems: Vec<String>) -> Result<(), Self> {
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Self { problems })
        }
    }

    /// Each problem, with its route.
    pub fn problems(&self) -> impl Iterator<Item = &str> {
        self.problems.iter().map(String::as_str)
    }
}

impl fmt::Display for RouterError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the router cannot be built: ")?;
        formatter.write_str(&self.problems.join("; "))
    }
}

impl Error for RouterError {}
