//! The credential that an application passes to the server itself, outside of an extractor.

use std::fmt;

use http::HeaderMap;

/// A credential that has not been verified: the headers of a request, or the text of a token.
/// [`ResourceServer::authenticate`](crate::ResourceServer::authenticate) verifies it.
///
/// `&HeaderMap`, `&str` and `&String` convert into this type. The `Debug` output contains neither
/// headers nor a token.
#[derive(Clone, Copy)]
pub struct RawCredential<'a>(pub(super) Source<'a>);

#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    Headers(&'a HeaderMap),
    Text(&'a str),
}

impl<'a> From<&'a HeaderMap> for RawCredential<'a> {
    fn from(headers: &'a HeaderMap) -> Self {
        Self(Source::Headers(headers))
    }
}

impl<'a> From<&'a str> for RawCredential<'a> {
    fn from(token: &'a str) -> Self {
        Self(Source::Text(token))
    }
}

impl<'a> From<&'a String> for RawCredential<'a> {
    fn from(token: &'a String) -> Self {
        Self(Source::Text(token))
    }
}

impl fmt::Debug for RawCredential<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RawCredential").finish_non_exhaustive()
    }
}
