//! Why a revocation is not in force.

use std::error::Error;
use std::fmt;

/// Nothing was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevocationError {
    /// The server has no issuer of this identifier, so that no token of it is accepted; more likely
    /// another one was meant.
    UnknownIssuer,
    /// No token that it concerns can be good any more, by the time that was given: perhaps another one
    /// was meant.
    Over,
    /// The list takes no more; it takes again what ends later than it was told before.
    Full,
}

impl fmt::Display for RevocationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::UnknownIssuer => "nothing was revoked: the issuer is not trusted",
            Self::Over => "nothing was revoked: the time until which it is to hold has passed",
            Self::Full => "nothing was revoked: the list of revocations is full",
        })
    }
}

impl Error for RevocationError {}
