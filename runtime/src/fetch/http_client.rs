//! The HTTP client that the server uses if the application does not set another one.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum_core::body::Body;
use bytes::Bytes;
use http::{Method, Response};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Url};

use super::address::is_loopback;
use super::resolver::Resolver;
use super::roots::Roots;
use super::tls::{self, Tls};
use super::{Fetch, FetchFuture, FetchRequest, FetchResponse};

/// Time limit for a connection, with DNS and TLS. It is shorter than the limit of the whole
/// exchange, so that the error shows if the connection or the response failed.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(4);

/// HTTP client of the server.
#[derive(Clone)]
pub(crate) struct HttpClient {
    remote: Client,
    /// Client for URLs on this machine. It ignores the proxies that environment variables name.
    loopback: Client,
    /// Reason why https URLs cannot be requested.
    tls_problem: Option<Arc<str>>,
}

impl HttpClient {
    /// Creates a client that trusts these roots. If TLS is not available, the client still requests
    /// http URLs, and [`tls_problem`](Self::tls_problem) returns the reason.
    pub(crate) fn new(roots: &Roots) -> Result<Self, String> {
        let (tls, tls_problem) = match Tls::new(roots) {
            Ok(tls) => (tls, None),
            Err(problem) => (Tls::new(&Roots::none())?, Some(problem.into())),
        };
        let build = |builder: ClientBuilder| {
            let builder = builder
                .dns_resolver(Resolver)
                .connect_timeout(CONNECT_TIMEOUT)
                // A redirect would let the response choose the origin of the keys.
                .redirect(Policy::none())
                .referer(false)
                .user_agent(concat!("axum-protected/", env!("CARGO_PKG_VERSION")));
            let client = tls::apply(tls.clone(), builder).build();
            client.map_err(|error| format!("the HTTP client cannot be created: {error}"))
        };
        Ok(Self {
            remote: build(Client::builder())?,
            loopback: build(Client::builder().no_proxy())?,
            tls_problem,
        })
    }

    /// Returns the reason why this client cannot request https URLs.
    pub(crate) fn tls_problem(&self) -> Option<&str> {
        self.tls_problem.as_deref()
    }

    async fn send(
        &self,
        method: Method,
        request: FetchRequest,
        body: Option<Bytes>,
    ) -> Result<FetchResponse, Box<dyn Error + Send + Sync>> {
        let (url, headers) = request.into_parts();
        let url: Url = url.parse()?;
        if url.scheme() == "https"
            && let Some(problem) = self.tls_problem()
        {
            return Err(problem.into());
        }
        let client = if is_loopback(&url) { &self.loopback } else { &self.remote };
        let mut request = client.request(method, url).headers(headers);
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await.map_err(reqwest::Error::without_url)?;
        let url = response.url().to_string();
        Ok(FetchResponse::new(url, Response::from(response).map(Body::new)))
    }
}

impl Fetch for HttpClient {
    fn fetch(&self, request: FetchRequest) -> FetchFuture<'_> {
        Box::pin(self.send(Method::GET, request, None))
    }

    fn post(&self, request: FetchRequest, body: Bytes) -> FetchFuture<'_> {
        Box::pin(self.send(Method::POST, request, Some(body)))
    }
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("HttpClient(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A provider that is installed for the process would change the TLS of the whole application.
    #[cfg(feature = "__rustls")]
    #[tokio::test]
    async fn tls_needs_and_installs_no_provider_for_the_process() {
        use rustls::crypto::CryptoProvider;
        use tokio::io::AsyncReadExt;

        assert!(CryptoProvider::get_default().is_none());
        let client = HttpClient::new(&Roots::none()).unwrap();
        assert_eq!(client.tls_problem(), None);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}/", listener.local_addr().unwrap());
        let accepted =
            tokio::spawn(async move { listener.accept().await.unwrap().0.read_u8().await });
        assert!(client.fetch(FetchRequest::new(url, http::HeaderMap::new())).await.is_err());
        assert_eq!(accepted.await.unwrap().unwrap(), 0x16, "not a TLS handshake");
        assert!(CryptoProvider::get_default().is_none());
    }

    #[cfg(not(any(feature = "__rustls", feature = "tls_native")))]
    #[tokio::test]
    async fn without_tls_an_https_url_is_not_requested() {
        let client = HttpClient::new(&Roots::default()).unwrap();
        assert!(client.tls_problem().unwrap().contains("`tls_aws_lc`, `tls_ring`"));
        let request = FetchRequest::new("https://localhost:1/".to_owned(), http::HeaderMap::new());
        let error = client.fetch(request).await.unwrap_err();
        assert!(error.to_string().contains("https needs"), "{error}");
    }
}
