//! Errors of `Revocations::revoke`.

use std::error::Error;
use std::fmt;

/// Reason why `revoke` did not revoke any tokens, or revoked them in this process only.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// `until` is later than now plus the [`horizon`](super::RevocationFeed::horizon) of the feed.
    BeyondHorizon,
    /// The name is too long for a record of the feed. Such a name cannot be in an accepted token,
    /// because a token has at most 16 KiB.
    NameTooLong,
    /// The tokens are revoked in this process, and other instances may accept them, because the
    /// log did not confirm that it has the revocation. The text is the cause. The server appends
    /// the revocation again when the log answers.
    LocalOnly(String),
}

impl fmt::Display for RevocationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::UnknownIssuer => "nothing was revoked: the server does not trust this issuer",
            Self::Over => "nothing was revoked: `until` has passed",
            Self::Full => {
                "nothing was revoked: the list is full and no entry has expired; raise `revocation_bytes`"
            }
            Self::BeyondHorizon => {
                "nothing was revoked: `until` is beyond the horizon of the revocation feed; pass an earlier time or raise `horizon`"
            }
            Self::NameTooLong => {
                "nothing was revoked: the name is longer than that of any accepted token"
            }
            Self::LocalOnly(cause) => {
                return write!(
                    formatter,
                    "the tokens are revoked in this process only, until the log answers: {cause}"
                );
            }
        })
    }
}

impl Error for RevocationError {}
