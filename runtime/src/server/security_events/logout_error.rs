//! The error of a back-channel logout.

/// Reason why a logout did not revoke tokens everywhere. The text contains no part of the token.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum LogoutError {
    /// The token is not a valid logout token of an issuer for its client.
    Invalid(String),
    /// The same token may be accepted later.
    Unavailable(String),
}
