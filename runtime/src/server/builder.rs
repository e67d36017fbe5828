//! Configuration of a resource server, in code or deserialized from a file.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum_core::response::Response;
use serde::{Deserialize, Deserializer};

use super::issuer::Issuer;
use crate::algorithm::Algorithm;
use crate::clock::{Clock, SystemClock};
use crate::keys::{KeysChanged, Listener};
use crate::refusal::{Refusal, RefusalBody};

/// Configures a [`ResourceServer`](crate::ResourceServer). Created by
/// [`ResourceServer::builder`](crate::ResourceServer::builder) or deserialized from a file.
///
/// Any serde format works. An unknown field is an error:
///
/// ```
/// use axum_protected::ResourceServerBuilder;
///
/// let description = r#"{
///     "issuers": [{ "issuer": "https://id.example.com", "provider": "auth0" }],
///     "audiences": ["https://api.example.com"],
///     "algorithms": ["RS256"],
///     "leeway_seconds": 10
/// }"#;
/// let builder: ResourceServerBuilder = serde_json::from_str(description)?;
/// let server = builder.build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ResourceServerBuilder {
    pub(super) issuers: Vec<Issuer>,
    pub(super) audiences: Vec<String>,
    pub(super) algorithms: Option<Vec<Algorithm>>,
    pub(super) rfc9068: bool,
    #[serde(rename = "leeway_seconds", deserialize_with = "whole_seconds")]
    pub(super) leeway: Duration,
    pub(super) realm: String,
    pub(super) resource_metadata: Option<String>,
    pub(super) verified_token_bytes: usize,
    pub(super) revocation_bytes: usize,
    pub(super) websocket_protocol_token: bool,
    #[serde(skip)]
    pub(super) clock: Arc<dyn Clock>,
    #[serde(skip)]
    pub(super) refusal_body: Option<RefusalBody>,
    #[serde(skip)]
    pub(super) listener: Option<Listener>,
}

impl Default for ResourceServerBuilder {
    fn default() -> Self {
        Self {
            issuers: Vec::new(),
            audiences: Vec::new(),
            algorithms: None,
            rfc9068: false,
            leeway: Duration::from_secs(30),
            realm: "api".to_owned(),
            resource_metadata: None,
            verified_token_bytes: 32 * 1024 * 1024,
            revocation_bytes: 16 * 1024 * 1024,
            websocket_protocol_token: false,
            clock: Arc::new(SystemClock),
            refusal_body: None,
            listener: None,
        }
    }
}

fn whole_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_secs)
}

impl ResourceServerBuilder {
    /// Trusts an issuer, given as its identifier or as an [`Issuer`] with settings of its own. May be
    /// repeated.
    #[must_use]
    pub fn issuer(mut self, issuer: impl Into<Issuer>) -> Self {
        self.issuers.push(issuer.into());
        self
    }

    /// Adds an identifier of this API that tokens may have in `aud`. Applies to issuers without
    /// audiences of their own. May be repeated; one match is enough.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// Sets the accepted signature algorithms; by default all that the cryptographic backend supports.
    #[must_use]
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.algorithms = Some(algorithms.into_iter().collect());
        self
    }

    /// Requires strict RFC 9068 tokens from all issuers, unless an issuer's own setting differs.
    #[must_use]
    pub fn rfc9068(mut self) -> Self {
        self.rfc9068 = true;
        self
    }

    /// Sets the tolerated difference between the clocks of issuer and server, for `exp` and `nbf`.
    /// Default: 30 s. Above 300 s, [`build`](Self::build) returns an error. Fractions of a second count.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway;
        self
    }

    /// Sets the `realm` of the challenges (RFC 9110 section 11.5). Default: `api`.
    #[must_use]
    pub fn realm(mut self, realm: impl Into<String>) -> Self {
        self.realm = realm.into();
        self
    }

    /// Sets the URL of the protected resource metadata that challenges name (RFC 9728 section 5.1).
    #[must_use]
    pub fn resource_metadata(mut self, url: impl Into<String>) -> Self {
        self.resource_metadata = Some(url.into());
        self
    }

    /// Sets the size of the cache of tokens whose signature was verified, in bytes. Default: 32 MiB; 0
    /// disables it. A token with its claims takes about three times its length, so 32 MiB hold about
    /// 10 000 tokens of 1 kB. Choose the size for the tokens that are in use at one time.
    ///
    /// While there is room, a token is cached when it is first seen. When the cache is full of tokens
    /// that have not expired, a token is cached when it is seen for the second time. Tokens that do not
    /// return therefore neither cost work nor displace others.
    ///
    /// The cache saves only the verification of the signature: expiry, audience, policy and checks are
    /// judged on every request. A cached token is no longer used once its key is withdrawn.
    #[must_use]
    pub fn verified_token_bytes(mut self, bytes: usize) -> Self {
        self.verified_token_bytes = bytes;
        self
    }

    /// Sets the size of the list of [`Revocations`](crate::revocation::Revocations), in bytes. Default:
    /// 16 MiB, which hold about 90 000 entries. While the list is full, `revoke` returns an error until
    /// an entry expires.
    #[must_use]
    pub fn revocation_bytes(mut self, bytes: usize) -> Self {
        self.revocation_bytes = bytes;
        self
    }

    /// Accepts the token of a websocket from `Sec-WebSocket-Protocol` too, since browsers cannot set
    /// another header: `new WebSocket(url, ["chat", "bearer." + token])`.
    ///
    /// Applies only to requests that open a websocket (RFC 6455 section 4.1, RFC 8441 section 5). A
    /// request that also has an `Authorization` header, or two such entries, is refused with 400. The
    /// response must select the other protocol, `ws.protocols(["chat"])`, never the token. If you log
    /// headers, leave this one out.
    #[must_use]
    pub fn websocket_protocol_token(mut self) -> Self {
        self.websocket_protocol_token = true;
        self
    }

    /// Sets the clock that `exp` and other times are compared with. Default: the system clock.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Sets a callback that runs when the keys of an issuer have changed: for the first set, and for
    /// each later set with different usable keys. It does not run for configured sets.
    ///
    /// It receives one change at a time, on a thread where it may block. If 64 changes wait for it, the
    /// oldest is dropped. A panic is logged. Neither affects the keys. A callback that never returns
    /// keeps the tokio runtime from shutting down.
    ///
    /// ```
    /// use axum_protected::ResourceServer;
    ///
    /// let builder = ResourceServer::builder().on_keys_changed(|changed| {
    ///     eprintln!("{}: {:?} are gone", changed.issuer, changed.removed);
    /// });
    /// ```
    #[must_use]
    pub fn on_keys_changed<F>(mut self, callback: F) -> Self
    where
        F: Fn(&KeysChanged) + Send + Sync + 'static,
    {
        self.listener = Some(Listener::new(callback));
        self
    }

    /// Replaces the problem document in the body of refusals. The status, the challenge and
    /// `Retry-After` are always those of the refusal.
    ///
    /// ```
    /// use axum_protected::ResourceServer;
    /// use axum::response::{Html, IntoResponse};
    ///
    /// let builder = ResourceServer::builder()
    ///     .refusal_body(|refusal| Html(format!("<h1>{}</h1>", refusal.code())).into_response());
    /// ```
    #[must_use]
    pub fn refusal_body<F>(mut self, body: F) -> Self
    where
        F: Fn(&Refusal) -> Response + Send + Sync + 'static,
    {
        self.refusal_body = Some(RefusalBody::new(body));
        self
    }
}

impl fmt::Debug for ResourceServerBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ResourceServerBuilder")
            .field("issuers", &self.issuers)
            .field("audiences", &self.audiences)
            .finish_non_exhaustive()
    }
}
