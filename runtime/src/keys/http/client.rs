//! Sends the requests for one issuer and applies the limits, whichever HTTP client is used.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;

use axum_core::body::Body;
use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::{HeaderMap, Response};
use reqwest::Url;
use tokio::time::{Instant, timeout_at};

use super::super::error::FetchError;
use super::request_headers::RequestHeaders;
use super::{ExchangeLimits, RESPONSE_LIMIT};
use crate::fetch::{Fetch, FetchFuture, FetchRequest, is_permitted};

/// HTTP client with the settings of one issuer. A clone is cheap.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    fetch: Arc<dyn Fetch>,
    headers: Arc<RequestHeaders>,
    insecure_http: bool,
}

/// Response whose body is read on demand, within the limits.
pub(super) struct Exchange {
    pub(super) response: Response<Body>,
    url: Url,
    deadline: Instant,
}

impl Client {
    pub(crate) fn new(fetch: Arc<dyn Fetch>, headers: RequestHeaders, insecure_http: bool) -> Self {
        Self { fetch, headers: Arc::new(headers), insecure_http }
    }

    /// Sends a GET request with these headers and those of the configuration, and waits for the head
    /// of the response.
    pub(super) async fn get(&self, url: &Url, headers: HeaderMap) -> Result<Exchange, FetchError> {
        let limits = ExchangeLimits::default();
        self.send(url, headers, limits, |request| self.fetch.fetch(request)).await
    }

    /// Sends a POST request like [`get`](Self::get). A header of the configuration is left out if
    /// `headers` has its name.
    pub(super) async fn send_post(
        &self,
        url: &Url,
        headers: HeaderMap,
        body: Bytes,
        limits: ExchangeLimits,
    ) -> Result<Exchange, FetchError> {
        self.send(url, headers, limits, |request| self.fetch.post(request, body)).await
    }

    async fn send<'a>(
        &self,
        url: &Url,
        headers: HeaderMap,
        limits: ExchangeLimits,
        exchange: impl FnOnce(FetchRequest) -> FetchFuture<'a>,
    ) -> Result<Exchange, FetchError> {
        if !is_permitted(url, self.insecure_http) {
            return Err(FetchError::Url);
        }
        let now = Instant::now();
        let response = timeout_at(now + limits.head, async {
            let mut all = self.headers.for_url(url).await?;
            all.extend(headers);
            let sent = exchange(FetchRequest::new(url.as_str().to_owned(), all)).await;
            sent.map_err(|error| FetchError::from_exchange(&*error, url))
        });
        let (answered, response) =
            response.await.map_err(|_| FetchError::NoResponse)??.into_parts();
        // After a redirect, another server would have chosen the keys.
        if answered.parse::<Url>().ok().as_ref() != Some(url) {
            return Err(FetchError::OtherUrl);
        }
        Ok(Exchange { response, url: url.clone(), deadline: now + limits.whole })
    }
}

impl Exchange {
    /// Reads the body of the response.
    pub(super) async fn read(self) -> Result<Bytes, FetchError> {
        let mut stream = pin!(self.response.into_body().into_data_stream());
        let body = async {
            let mut body = BytesMut::new();
            while let Some(chunk) = poll_fn(|context| stream.as_mut().poll_next(context)).await {
                let chunk = chunk.map_err(|error| FetchError::from_exchange(&error, &self.url))?;
                if body.len().saturating_add(chunk.len()) > RESPONSE_LIMIT {
                    return Err(FetchError::TooLarge);
                }
                body.extend_from_slice(&chunk);
            }
            Ok(body.freeze())
        };
        timeout_at(self.deadline, body).await.map_err(|_| FetchError::Incomplete)?
    }
}
