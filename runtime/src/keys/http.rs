//! Fetches or revalidates a document at a URL, with limits of time and size and without redirects.

use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT, CACHE_CONTROL};
use http::{HeaderValue, Request, Response, StatusCode};
use http_cache_semantics::{BeforeRequest, CachePolicy};
use reqwest::Url;
use reqwest::redirect::Policy;

use super::error::FetchError;
use super::response_lifetime;
use crate::clock::{Clock, SystemClock};

/// Time limit for a whole HTTP exchange, from the DNS look-up to the last byte of the response.
pub(crate) const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
/// Largest accepted size of a response body and of a key file, in bytes.
pub(super) const RESPONSE_LIMIT: usize = 512 * 1024;

/// HTTP client that all issuers of a server share.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    secure: reqwest::Client,
    /// Client for `http` URLs on this machine. This client ignores the proxies that environment
    /// variables name.
    loopback: reqwest::Client,
}

impl Client {
    pub(crate) fn new() -> Result<Self, reqwest::Error> {
        let builder = || {
            reqwest::Client::builder()
                .timeout(FETCH_TIMEOUT)
                // A redirect would let the response choose the origin of the keys.
                .redirect(Policy::none())
                .referer(false)
                .user_agent(concat!("axum-protected/", env!("CARGO_PKG_VERSION")))
        };
        Ok(Self {
            secure: builder().https_only(true).build()?,
            loopback: builder().no_proxy().build()?,
        })
    }

    fn get(&self, url: &Url) -> reqwest::RequestBuilder {
        let client = match url.scheme() {
            "https" => &self.secure,
            _ => &self.loopback,
        };
        client.get(url.clone())
    }
}

/// Returns true for an https URL (RFC 8414 section 2), and for an http URL on this machine, which
/// is for development. Returns false for a URL with credentials.
pub(crate) fn is_permitted(url: &Url) -> bool {
    let is_loopback = match url.host_str() {
        Some("localhost" | "[::1]") => true,
        Some(host) => host.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_loopback()),
        None => return false,
    };
    let has_no_credentials = url.username().is_empty() && url.password().is_none();
    has_no_credentials && (url.scheme() == "https" || (is_loopback && url.scheme() == "http"))
}

/// URL of a document, with the HTTP cache policy of the last response.
#[derive(Debug, Clone)]
pub(crate) struct Resource {
    pub(crate) url: Url,
    policy: Option<CachePolicy>,
}

/// Response to a fetch.
pub(crate) struct Answer {
    /// Content of the document, or `None` if the document has not changed since the last response.
    pub(crate) body: Option<Bytes>,
    /// Remaining lifetime of the document, or `None` if the response does not state a lifetime.
    pub(crate) lifetime: Option<Duration>,
}

impl Resource {
    pub(crate) fn new(url: Url) -> Self {
        Self { url, policy: None }
    }

    /// Forgets the HTTP cache policy, so that the next request is not conditional.
    pub(crate) fn forget(&mut self) {
        self.policy = None;
    }

    /// Fetches or revalidates the document at its origin. The request bypasses HTTP caches between
    /// this server and the origin, since a cache may lack the newest keys.
    pub(crate) async fn get(&mut self, client: &Client) -> Result<Answer, FetchError> {
        let request = self.request()?;
        let mut response = client
            .get(&self.url)
            .headers(request.headers().clone())
            .send()
            .await
            .map_err(FetchError::from_transport)?;
        let mut head = Response::new(());
        *head.status_mut() = response.status();
        *head.headers_mut() = response_lifetime::normalize(response.headers());
        let now = SystemClock.now();
        let body = match (response.status(), self.policy.take()) {
            (StatusCode::OK, _) => Some(read(&mut response).await?),
            (StatusCode::NOT_MODIFIED, Some(stored)) => {
                head = response_lifetime::update_stored(
                    &stored.after_response(&request, &head, now),
                    &head,
                )?;
                None
            }
            (status, _) => return Err(FetchError::Status(status)),
        };
        let (policy, lifetime) = response_lifetime::policy_and_lifetime(&request, &head, now);
        self.policy = Some(policy);
        Ok(Answer { body, lifetime })
    }

    /// Builds the request. If there is an HTTP cache policy of an earlier response, the request is
    /// conditional (RFC 9111 section 4.3.1).
    fn request(&self) -> Result<Request<()>, FetchError> {
        let mut request = Request::get(self.url.as_str())
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .header(CACHE_CONTROL, HeaderValue::from_static("no-cache"))
            .body(())
            .map_err(|_| FetchError::Url)?;
        if let Some(policy) = &self.policy
            // The request has `no-cache`, which demands revalidation, so the time argument has no
            // influence.
            && let BeforeRequest::Stale { request: parts, .. } =
                policy.before_request(&request, SystemTime::UNIX_EPOCH)
        {
            *request.headers_mut() = parts.headers;
        }
        Ok(request)
    }
}

async fn read(response: &mut reqwest::Response) -> Result<Bytes, FetchError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(FetchError::from_transport)? {
        if body.len().saturating_add(chunk.len()) > RESPONSE_LIMIT {
            return Err(FetchError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_loopback_urls_are_permitted() {
        let cases = [
            ("https://id.example.com/keys", true),
            ("https://id.example.com:8443/keys", true),
            ("http://127.0.0.1:8080/keys", true),
            ("http://127.8.9.10/keys", true),
            ("http://localhost:8080/keys", true),
            ("http://[::1]:8080/keys", true),
            ("http://id.example.com/keys", false),
            ("http://localhost.example.com/keys", false),
            ("http://127.0.0.1.example.com/keys", false),
            ("http://10.0.0.1/keys", false),
            ("http://169.254.169.254/keys", false),
            ("http://0.0.0.0/keys", false),
            ("https://user@id.example.com/keys", false),
            ("https://user:secret@id.example.com/keys", false),
            ("ftp://127.0.0.1/keys", false),
            ("file:///etc/keys", false),
            ("data:application/json,{}", false),
        ];
        for (url, expected) in cases {
            assert_eq!(is_permitted(&url.parse().unwrap()), expected, "{url}");
        }
    }
}
