//! The reasons why a security event is not accepted.

use std::error::Error;
use std::fmt;
use std::time::Duration;

/// Reason why a security event was not accepted. It contains no part of the event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EventError {
    /// The event breaks a rule. It will not be accepted later either.
    Refused { code: EventErrorCode, description: String },
    /// The event could not be judged, or its revocations are not in all instances. The transmitter
    /// should send it again.
    Unavailable { cause: String, retry_after: Duration },
}

/// Error code for the transmitter (RFC 8935 section 2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventErrorCode {
    InvalidRequest,
    InvalidKey,
    InvalidIssuer,
    InvalidAudience,
    AuthenticationFailed,
    AccessDenied,
}

impl EventErrorCode {
    /// Returns the code as the transmitter gets it in `err`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidKey => "invalid_key",
            Self::InvalidIssuer => "invalid_issuer",
            Self::InvalidAudience => "invalid_audience",
            Self::AuthenticationFailed => "authentication_failed",
            Self::AccessDenied => "access_denied",
        }
    }
}

impl EventError {
    pub(crate) fn refused(code: EventErrorCode, description: impl Into<String>) -> Self {
        Self::Refused { code, description: description.into() }
    }

    pub(crate) fn unavailable(cause: impl Into<String>) -> Self {
        Self::Unavailable { cause: cause.into(), retry_after: Duration::from_secs(5) }
    }
}

impl fmt::Display for EventError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { description, .. } => formatter.write_str(description),
            Self::Unavailable { cause, .. } => formatter.write_str(cause),
        }
    }
}

impl Error for EventError {}
