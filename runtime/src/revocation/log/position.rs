//! The position of a record in a log.

use std::fmt;

/// Position of a record in a [`RevocationLog`](super::RevocationLog): two numbers, of which the first
/// counts more. A later record has a higher position. Its text is both numbers with a hyphen between
/// them, as in the identifiers of a Redis stream.
///
/// Positions say nothing of the time.
///
/// ```
/// use axum_protected::revocation::LogPosition;
///
/// assert!(LogPosition::new(7, 9) < LogPosition::new(8, 0));
/// assert_eq!(LogPosition::new(7, 9).to_string(), "7-9");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogPosition {
    major: u64,
    minor: u64,
}

impl LogPosition {
    /// Creates a position of its two numbers.
    #[must_use]
    pub const fn new(major: u64, minor: u64) -> Self {
        Self { major, minor }
    }

    /// Returns both numbers.
    #[must_use]
    pub const fn numbers(self) -> (u64, u64) {
        (self.major, self.minor)
    }
}

impl fmt::Display for LogPosition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.major, self.minor)
    }
}
