//! Errors of the exchange with an OpenID provider.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// Error of an exchange with the provider: its metadata cannot be used, or a request got no response.
/// It says nothing about the user, so it never ends a session.
///
/// The text is for logs. It contains no query of a URL, no header and no body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderError(Arc<str>);

impl ProviderError {
    pub(crate) fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for ProviderError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for ProviderError {}
