//! The requests to the token endpoint of the provider (RFC 6749 sections 4.1.3 and 6).

use std::fmt;
use std::time::SystemTime;

/// The tokens of a response of the token endpoint. The `Debug` output contains none of them.
pub(crate) struct Tokens {
    pub(crate) access_token: String,
    pub(crate) access_token_expires_at: SystemTime,
    pub(crate) refresh_token: Option<String>,
    pub(crate) id_token: Option<String>,
}

/// The reason why the token endpoint gave no tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TokenEndpointError {
    /// The provider does not accept the code or the refresh token any more (`invalid_grant`, RFC
    /// 6749 section 5.2). Only this error ends a session.
    InvalidGrant,
    /// The provider gave another answer or none. The text is for logs and contains no token.
    Unavailable(String),
}

impl fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Tokens")
            .field("access_token_expires_at", &self.access_token_expires_at)
            .finish_non_exhaustive()
    }
}
