//! Errors of a public key in PEM or DER.

use std::borrow::Cow;
use std::fmt;

/// Reason why a public key in PEM or DER cannot be used, with the remedy. It contains no part of
/// the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicKeyError(Cow<'static, str>);

impl From<&'static str> for PublicKeyError {
    fn from(reason: &'static str) -> Self {
        Self(reason.into())
    }
}

impl From<String> for PublicKeyError {
    fn from(reason: String) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for PublicKeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for PublicKeyError {}
