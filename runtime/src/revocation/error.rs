//! The reasons for which a revocation is not in force.

use std::error::Error;
use std::fmt;

/// Nothing was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevocationError {
    /// The server does not trust an issuer with this identifier, and accepts no token of it. The
    /// identifier is compared with the configured one exactly.
    UnknownIssuer,
    /// The time until which it was to hold has passed, together with the leeway: no token that it
    /// concerns would be accepted any more.
    Over,
    /// The list is full, and none of its entries has expired. Entries that it has already can still
    /// be given more time.
    Full,
}

impl fmt::Display for RevocationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::UnknownIssuer => "nothing was revoked: the server does not trust this issuer",
            Self::Over => "nothing was revoked: the time until which the revocation was to hold has passed",
            Self::Full => {
                "nothing was revoked: the list is full, and no entry has expired; raise `revocation_bytes`"
            }
        })
    }
}

impl Error for RevocationError {}
