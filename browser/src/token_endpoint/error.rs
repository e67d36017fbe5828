//! The error of a request to the token endpoint.

/// The reason why the token endpoint gave no tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TokenEndpointError {
    /// The provider does not accept the code or the refresh token any more (`invalid_grant`, RFC
    /// 6749 section 5.2). Only this error ends a session.
    InvalidGrant,
    /// The provider gave another answer or none. The text is for logs and contains no token.
    Unavailable(String),
}
