//! Sends the requests of the crate `oauth2` through the HTTP client of the issuer.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::OnceLock;

use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum_protected::__browser::{Provider, ProviderError};
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use serde::de::IgnoredAny;
use url::Url;

/// The client of one request. It keeps the status of the response.
pub(super) struct HttpExchange<'a> {
    provider: &'a Provider,
    url: &'a Url,
    status: OnceLock<StatusCode>,
}

/// The reason why a response cannot be read.
#[derive(Debug)]
pub(super) enum ExchangeError {
    Provider(ProviderError),
    /// The body of a response with this status is not one JSON document.
    NotJson(StatusCode),
}

impl<'a> HttpExchange<'a> {
    pub(super) fn new(provider: &'a Provider, url: &'a Url) -> Self {
        Self { provider, url, status: OnceLock::new() }
    }

    /// Returns the status of the response, if there was one.
    pub(super) fn status(&self) -> Option<StatusCode> {
        self.status.get().copied()
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, ExchangeError> {
        let (parts, form) = request.into_parts();
        let authorization = parts.headers.get(AUTHORIZATION).cloned();
        let sent = self.provider.post_form(self.url, authorization, form).await;
        let (status, headers, body) = sent.map_err(ExchangeError::Provider)?;
        self.status.get_or_init(|| status);
        // The crate `oauth2` ignores what follows the first JSON document.
        if serde_json::from_slice::<IgnoredAny>(&body).is_err() {
            return Err(ExchangeError::NotJson(status));
        }
        let mut response = HttpResponse::new(body.to_vec());
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for HttpExchange<'_> {
    type Error = ExchangeError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, ExchangeError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Provider(error) => error.fmt(formatter),
            Self::NotJson(status) => write!(
                formatter,
                "the answer of the token endpoint, with the status {}, is not JSON",
                status.as_u16()
            ),
        }
    }
}

impl Error for ExchangeError {}
