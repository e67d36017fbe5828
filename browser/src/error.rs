//! The error of a configuration.

use std::error::Error;
use std::fmt;

/// The error of the configuration of a backend, which lists all problems of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError(Vec<String>);

impl ConfigError {
    /// Creates the error. The list is not empty.
    pub(crate) fn new(problems: Vec<String>) -> Self {
        Self(problems)
    }

    /// Returns the problems. The text of each problem names the setting and the remedy.
    pub fn problems(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// Writes the problems separated by semicolons.
impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the backend for browsers cannot be built: {}", self.0.join("; "))
    }
}

impl Error for ConfigError {}
