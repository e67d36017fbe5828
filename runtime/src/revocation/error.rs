//! Errors of a revocation.

use std::error::Error;
use std::fmt;

/// Reason why nothing was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevocationError {
    /// The server does not trust an issuer with this identifier, so it accepts none of its tokens.
    /// The identifier must be exactly the configured one.
    UnknownIssuer,
    /// `until` and the leeway have passed. The tokens would have expired already.
    Over,
    /// The list is full, and none of its entries has expired. The time of existing entries can still
    /// be extended.
    Full,
}

impl fmt::Display for RevocationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::UnknownIssuer => "nothing was revoked: the server does not trust this issuer",
            Self::Over => "nothing was revoked: `until` has passed",
            Self::Full => {
                "nothing was revoked: the list is full and no entry has expired; raise `revocation_bytes`"
            }
        })
    }
}

impl Error for RevocationError {}
