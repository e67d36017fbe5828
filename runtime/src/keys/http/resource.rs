//! A document at a URL, with the HTTP cache policy of the last response.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{ACCEPT, CACHE_CONTROL};
use http::{HeaderValue, Request, Response, StatusCode};
use http_cache_semantics::{BeforeRequest, CachePolicy};
use reqwest::Url;

use super::super::error::FetchError;
use super::super::response_lifetime;
use super::client::Client;
use super::content;
use crate::clock::{Clock, SystemClock};

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
        let exchange = client.get(&self.url, request.headers().clone()).await?;
        let headers = exchange.response.headers();
        let status = exchange.response.status();
        let mut head = Response::new(());
        *head.status_mut() = status;
        *head.headers_mut() = response_lifetime::normalize(headers);
        let now = SystemClock.now();
        let body = match (status, self.policy.take()) {
            (StatusCode::OK, _) => {
                let described = content::Description::of(headers);
                let body = exchange.read().await?;
                if !content::is_json_object(&body) {
                    return Err(FetchError::NotJson(described.with_body(&body)));
                }
                Some(body)
            }
            (StatusCode::NOT_MODIFIED, Some(stored)) => {
                head = response_lifetime::update_stored(
                    &stored.after_response(&request, &head, now),
                    &head,
                )?;
                None
            }
            (status, _) if status.is_redirection() && status != StatusCode::NOT_MODIFIED => {
                return Err(FetchError::Redirect(
                    status,
                    content::redirect_host(&self.url, headers),
                ));
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
