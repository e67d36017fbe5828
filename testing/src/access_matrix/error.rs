//! The error for responses that contradict the access table.

use std::error::Error;
use std::fmt;

/// The error that lists the requests whose responses contradict the access table, or the settings
/// of the access matrix that cannot be used.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessMatrixError {
    heading: &'static str,
    failures: Vec<String>,
}

impl AccessMatrixError {
    pub(super) fn unless_empty(failures: Vec<String>) -> Result<(), Self> {
        let heading = "the routes do not do what the access table says:";
        if failures.is_empty() { Ok(()) } else { Err(Self { heading, failures }) }
    }

    pub(super) fn settings(problems: Vec<String>) -> Self {
        Self { heading: "the access matrix cannot be sent:", failures: problems }
    }

    /// Returns a message for each failure, which names the route, the request and the response, or
    /// for each setting that cannot be used.
    pub fn failures(&self) -> impl Iterator<Item = &str> {
        self.failures.iter().map(String::as_str)
    }
}

impl fmt::Display for AccessMatrixError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.heading)?;
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
