//! The error of a configuration.

use std::error::Error;
use std::fmt;

/// Error of the settings of a Redis server, which lists all problems of the settings. It contains no
/// password and no URL with one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedisConfigError(Vec<String>);

impl RedisConfigError {
    pub(crate) fn unless_empty(problems: Vec<String>) -> Result<(), Self> {
        if problems.is_empty() { Ok(()) } else { Err(Self(problems)) }
    }

    /// Returns the problems. The text of each problem names the setting and the remedy.
    pub fn problems(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// Writes the problems separated by semicolons.
impl fmt::Display for RedisConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the settings of Redis cannot be used: {}", self.0.join("; "))
    }
}

impl Error for RedisConfigError {}
