//! Sends a POST request, such as the one to the introspection endpoint of an issuer.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use reqwest::Url;

use super::super::error::FetchError;
use super::ExchangeLimits;
use super::client::Client;
use super::content;

/// Response to a POST request.
pub(crate) struct Posted {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Client {
    /// Sends a POST request with the limits of every exchange with the issuer, and reads the whole
    /// response. A redirect is an error, because its location could receive the secrets of the
    /// request. Other error statuses are responses.
    pub(crate) async fn post(
        &self,
        url: &Url,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Posted, FetchError> {
        self.post_within(ExchangeLimits::default(), url, headers, body).await
    }

    /// Sends a POST request like [`post`](Self::post), with these limits of time.
    pub(crate) async fn post_within(
        &self,
        limits: ExchangeLimits,
        url: &Url,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Posted, FetchError> {
        let mut exchange = self.send_post(url, headers, body, limits).await?;
        let status = exchange.response.status();
        let headers = std::mem::take(exchange.response.headers_mut());
        if status.is_redirection() {
            return Err(FetchError::Redirect(status, content::redirect_host(url, &headers)));
        }
        Ok(Posted { status, headers, body: exchange.read().await? })
    }
}
