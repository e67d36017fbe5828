//! The reason why a sign-in did not begin a session.

use std::error::Error;
use std::fmt;

use crate::cookie::VALUE_LIMIT;
use crate::seal::SealError;
use crate::store::StoreError;

/// The reason why a session did not begin. The text is for logs and contains no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BeginError {
    Store(StoreError),
    /// The system has no random numbers, or the content of the cookie is too long for the cipher.
    Seal(String),
    /// The tokens of the session do not fit into a cookie.
    TooLong {
        /// The length of the name and the value of the cookie, in bytes.
        length: usize,
    },
    /// The cookie cannot be written.
    Cookie,
}

impl From<StoreError> for BeginError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<SealError> for BeginError {
    fn from(error: SealError) -> Self {
        Self::Seal(error.to_string())
    }
}

impl From<getrandom::Error> for BeginError {
    fn from(error: getrandom::Error) -> Self {
        SealError::NoRandomness(error).into()
    }
}

impl fmt::Display for BeginError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => write!(formatter, "the session was not stored: {error}"),
            Self::Seal(error) => formatter.write_str(error),
            Self::TooLong { length } => write!(
                formatter,
                "the cookie of the session would have {length} bytes, and browsers store \
                 {VALUE_LIMIT}: keep the sessions on the server, or let the provider issue shorter \
                 tokens"
            ),
            Self::Cookie => formatter.write_str("the cookie of the session cannot be written"),
        }
    }
}

impl Error for BeginError {}
