//! Fetches or revalidates a document at a URL, with limits of time and size and without redirects.

mod client;
mod content;
mod header_file;
mod post;
mod request_headers;
mod resource;

use std::time::Duration;

pub(crate) use self::client::Client;
pub(super) use self::content::Description;
pub(crate) use self::header_file::HeaderFile;
#[cfg(feature = "__browser")]
pub(crate) use self::post::Posted;
pub(crate) use self::request_headers::RequestHeaders;
pub(crate) use self::resource::Resource;

/// Time limit for a whole HTTP exchange, from the DNS look-up to the last byte of the response.
pub(super) const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
/// Largest accepted size of a response body, in bytes.
pub(super) const RESPONSE_LIMIT: usize = 512 * 1024;

/// Time limits of an HTTP exchange.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ExchangeLimits {
    /// Time until the head of the response.
    head: Duration,
    /// Time until the last byte of the response.
    whole: Duration,
}

impl ExchangeLimits {
    /// Returns the limits of a request that the server may hold for this time before it answers.
    #[cfg(feature = "security_events")]
    pub(crate) fn long_poll(patience: Duration) -> Self {
        Self { head: patience, whole: patience.saturating_add(FETCH_TIMEOUT) }
    }
}

impl Default for ExchangeLimits {
    fn default() -> Self {
        Self { head: FETCH_TIMEOUT, whole: FETCH_TIMEOUT }
    }
}
