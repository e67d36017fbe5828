//! The HTTP requests to issuers, for their metadata and their keys, and the trait [`Fetch`] for an
//! HTTP client of the application.
//!
//! The server has an HTTP client of its own. An application that needs another one, for example
//! because its network has a special proxy or demands client certificates, implements [`Fetch`] and
//! gives it to the builder. This example wraps a `reqwest::Client`:
//!
//! ```no_run
//! use axum::body::{Body, Bytes};
//! use axum_protected::fetch::{Fetch, FetchFuture, FetchRequest, FetchResponse};
//! use axum_protected::ResourceServer;
//! use axum::http::Response;
//!
//! struct Wrapped(reqwest::Client);
//!
//! impl Fetch for Wrapped {
//!     fn fetch(&self, request: FetchRequest) -> FetchFuture<'_> {
//!         let (url, headers) = request.into_parts();
//!         let request = self.0.get(url).headers(headers);
//!         Box::pin(async move {
//!             let response = request.send().await?;
//!             let url = response.url().to_string();
//!             Ok(FetchResponse::new(url, Response::from(response).map(Body::new)))
//!         })
//!     }
//!
//!     fn post(&self, request: FetchRequest, body: Bytes) -> FetchFuture<'_> {
//!         let (url, headers) = request.into_parts();
//!         let request = self.0.post(url).headers(headers).body(body);
//!         Box::pin(async move {
//!             let response = request.send().await?;
//!             let url = response.url().to_string();
//!             Ok(FetchResponse::new(url, Response::from(response).map(Body::new)))
//!         })
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
//! let server = ResourceServer::builder()
//!     .issuer("https://id.example.com")
//!     .audience("https://api.example.com")
//!     .fetch(Wrapped(client))
//!     .build()?;
//! # Ok(())
//! # }
//! ```
//!
//! The server applies the same rules to each client:
//!
//! - A response must come from the URL of the request. The client must therefore not follow
//!   redirects.
//! - The whole exchange, with the body, takes at most 5 s. The server drops the future of a slower
//!   exchange. A request for security events may wait for its response for 25 s.
//! - A body has at most 512 KiB. The server reads no more of a longer body.
//! - The server decides when it fetches, and judges status, headers and content.
//!
//! TLS, proxies and the resolution of host names are those of the client. The settings
//! `ca_file` and `root_certificates` therefore cannot be combined with a client of the application.

mod address;
mod cause;
#[cfg(feature = "__rustls")]
mod certificate_error;
mod http_client;
mod message;
mod resolver;
mod roots;
mod tls;

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;

pub(crate) use self::address::{is_loopback, is_permitted, may_lead};
pub(crate) use self::cause::{Cause, Stage};
pub(crate) use self::http_client::HttpClient;
pub use self::message::{FetchRequest, FetchResponse};
pub(crate) use self::roots::Roots;

/// Future of one exchange.
pub type FetchFuture<'a> =
    Pin<Box<dyn Future<Output = Result<FetchResponse, Box<dyn Error + Send + Sync>>> + Send + 'a>>;

/// HTTP client for the requests to issuers. See the
/// [module documentation](self) for an example and for the rules.
pub trait Fetch: Send + Sync + 'static {
    /// Sends a GET request with the URL and the headers of `request`, and returns the response.
    ///
    /// The client may add headers, but must send those of the request unchanged and must not follow
    /// redirects. It need not have limits of time and size.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no HTTP response. A response with an error status is not an
    /// error. Log and health report show the innermost source of the error.
    fn fetch(&self, request: FetchRequest) -> FetchFuture<'_>;

    /// Sends a POST request with the URL and the headers of `request` and with this body, and returns
    /// the response.
    ///
    /// The server sends POST requests to the introspection endpoint of an issuer with
    /// [`introspection`](crate::Issuer::introspection), and to the poll endpoints of transmitters of
    /// security events. The crate `axum-protected-browser`, which signs in users, sends them to the
    /// token endpoint. The headers contain the `Content-Type`. Headers and body contain secrets, so the client must not log them, and must
    /// not send the request twice. The other rules of [`fetch`](Self::fetch) apply.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no HTTP response. Without an implementation, each call returns
    /// an error that names this method.
    fn post(&self, request: FetchRequest, body: Bytes) -> FetchFuture<'_> {
        drop((request, body));
        let problem = "the HTTP client of the application sends no POST requests: implement \
                       `Fetch::post`";
        Box::pin(std::future::ready(Err(problem.into())))
    }
}

impl<F: Fetch + ?Sized> Fetch for Arc<F> {
    fn fetch(&self, request: FetchRequest) -> FetchFuture<'_> {
        (**self).fetch(request)
    }

    fn post(&self, request: FetchRequest, body: Bytes) -> FetchFuture<'_> {
        (**self).post(request, body)
    }
}

impl fmt::Debug for dyn Fetch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Fetch(..)")
    }
}
