//! The error of API keys that cannot be used.

use std::error::Error;
use std::fmt;

use crate::problems::Problems;

/// The error of API keys that cannot be used. It lists all problems. It refers to a key by its name or
/// subject, and contains no key, no digest and no other claim value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeysError(Problems);

impl ApiKeysError {
    pub(crate) fn unless_empty(problems: Vec<String>) -> Result<(), Self> {
        Problems::from(problems).into_result(Self)
    }

    pub(crate) fn of(problem: impl Into<String>) -> Self {
        Self(Problems::from(vec![problem.into()]))
    }

    /// Returns the problems. The text of each problem names the setting and the remedy.
    pub fn problems(&self) -> impl Iterator<Item = &str> {
        self.0.iter()
    }
}

impl fmt::Display for ApiKeysError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the API keys cannot be used: {}", self.0)
    }
}

impl Error for ApiKeysError {}
