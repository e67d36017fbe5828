//! The error of a router whose routes contradict each other or the server. The router reports this
//! error only after all routes are added.

use std::error::Error;
use std::fmt;

use crate::problems::Problems;

/// The error that lists all problems of the routes of a router.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouterError(Problems);

impl RouterError {
    pub(super) fn unless_empty(problems: Vec<String>) -> Result<(), Self> {
        Problems::from(problems).into_result(Self)
    }

    /// Returns the problems. The text of each problem names its route.
    pub fn problems(&self) -> impl Iterator<Item = &str> {
        self.0.iter()
    }
}

impl fmt::Display for RouterError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the router cannot be built: {}", self.0)
    }
}

impl Error for RouterError {}
