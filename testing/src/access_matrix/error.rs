//! The error for responses that contradict the access table.

use std::error::Error;
use std::fmt;

/// The error that lists the requests whose responses contradict the access table.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessMatrixError {
    failures: Vec<String>,
}

impl AccessMatrixError {
    pub(super) fn unless_empty(failures: Vec<String>) -> Result<(), Self> {
        if failures.is_empty() { Ok(()) } else { Err(Self { failures }) }
    }

    /// Returns a message for each failure, which names the route, the request and the response.
    pub fn failures(&self) -> impl Iterator<Item = &str> {
        self.failures.iter().map(String::as_str)
    }
}

impl fmt::Display for AccessMatrixError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "the routes do not do what the access table says:")?;
        self.failures.iter().try_for_each(|failure| writeln!(formatter, "{failure}"))
    }
}

/// Formats the error like `Display`, so that the panic message of `unwrap` is readable.
impl fmt::Debug for AccessMatrixError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl Error for AccessMatrixError {}
