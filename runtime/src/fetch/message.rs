//! Request and response of an exchange.

use std::fmt;

use axum_core::body::Body;
use http::{HeaderMap, Response};

use crate::redaction::redacted_url;

/// URL and headers of a request to an issuer. The method of [`Fetch`](super::Fetch) that takes the
/// request determines the method of HTTP.
#[derive(Clone)]
pub struct FetchRequest {
    url: String,
    headers: HeaderMap,
}

impl FetchRequest {
    pub(crate) fn new(url: String, headers: HeaderMap) -> Self {
        Self { url, headers }
    }

    /// Returns the absolute URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the headers of the request. The values of the headers that the configuration of the
    /// issuer adds are marked as sensitive.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the URL and the headers.
    #[must_use]
    pub fn into_parts(self) -> (String, HeaderMap) {
        (self.url, self.headers)
    }
}

/// Omits the query of the URL and the values of headers, which may be credentials.
impl fmt::Debug for FetchRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = redacted_url(&self.url);
        formatter.debug_struct("FetchRequest").field("url", &url).finish_non_exhaustive()
    }
}

/// Response to a [`FetchRequest`].
pub struct FetchResponse {
    url: String,
    response: Response<Body>,
}

impl FetchResponse {
    /// Creates a response that came from `url`. If the client followed redirects, `url` is the URL
    /// of the last request, and the server refuses the response.
    #[must_use]
    pub fn new(url: impl Into<String>, response: Response<Body>) -> Self {
        Self { url: url.into(), response }
    }

    pub(crate) fn into_parts(self) -> (String, Response<Body>) {
        (self.url, self.response)
    }
}

/// Omits the query of the URL, headers and body.
impl fmt::Debug for FetchResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("FetchResponse")
            .field("url", &redacted_url(&self.url))
            .field("status", &self.response.status())
            .finish_non_exhaustive()
    }
}
