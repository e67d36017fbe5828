//! Errors of `Revocations::revoke`.

use std::error::Error;
use std::fmt;

/// Reason why `revoke` did not revoke any tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevocationError {
    /// The configuration of the server does not contain an issuer with this identifier, so the
    /// server refuses all tokens of this issuer anyway. The identifier must be exactly the
    /// configured identifier.
    UnknownIssuer,
    /// `until` plus the configured leeway has passed, so the tokens have already expired.
    Over,
    /// The list of revocations is full, and none of its entries has expired. In this state, the
    /// application can extend the time of an existing revocation but cannot add a new revocation.
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
