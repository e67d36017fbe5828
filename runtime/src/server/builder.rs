//! How a resource server is described, in code or in a file.

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

/// Describes a [`ResourceServer`](crate::ResourceServer); made by
/// [`ResourceServer::builder`](crate::ResourceServer::builder) or read from a file.
///
/// With serde it is the same description, whatever the format; an unknown field is an error:
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
    /// Trusts an issuer: its identifier, or an [`Issuer`] with more to say. May be repeated.
    #[must_use]
    pub fn issuer(mut self, issuer: impl Into<Issuer>) -> Self {
        self.issuers.push(issuer.into());
        self
    }

    /// An identifier of this API that tokens name in `aud`; for issuers that have none of their
    /// own. May be repeated; one match is enough.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// The signature algorithms that are accepted, instead of all that the backend has.
    #[must_use]
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.algorithms = Some(algorithms.into_iter().collect());
        self
    }

    /// Demands RFC 9068 to the letter, of issuers that do not say otherwise.
    #[must_use]
    pub fn rfc9068(mut self) -> Self {
        self.rfc9068 = true;
        self
    }

    /// Sets the largest difference between the clocks of issuer and server, for `exp` and `nbf`:
    /// 30 s unless set, 300 s at most; more is an error of [`build`](Self::build). Fractions of a
    /// second count.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway;
        self
    }

    /// The `realm` of the challenges (RFC 9110 section 11.5): `api` unless said.
    #[must_use]
    pub fn realm(mut self, realm: impl Into<String>) -> Self {
        self.realm = realm.into();
        self
    }

    /// The URL of the protected resource metadata (RFC 9728 section 5.1), for the challenges.
    #[must_use]
    pub fn resource_metadata(mut self, url: impl Into<String>) -> Self {
        self.resource_metadata = Some(url.into());
        self
    }

    /// How many bytes to spend on remembering tokens whose signature was verified, 32 MiB unless
    /// said; 0 remembers none. A token with its claims takes about three times its length: 32 MiB are
    /// room for about 10 000 tokens of 1 kB. Choose room for the tokens that are in use at one time.
    ///
    /// While there is room, a token is remembered when it is first seen. When the memory is full of
    /// tokens that have not expired, it is remembered when it is seen for the second time, so tokens
    /// that do not return cost neither work nor the room of others.
    ///
    /// A remembered token spares its signature and nothing else: expiry, audience, policy and checks
    /// are judged on every request, and what a key signed goes with the key.
    #[must_use]
    pub fn verified_token_bytes(mut self, bytes: usize) -> Self {
        self.verified_token_bytes = bytes;
        self
    }

    /// Sets the bytes to spend on [`Revocations`](crate::revocation::Revocations): 16 MiB unless set, which is
    /// room for about 90 000 entries. When they are spent, to revoke is an error until an entry expires.
    #[must_use]
    pub fn revocation_bytes(mut self, bytes: usize) -> Self {
        self.revocation_bytes = bytes;
        self
    }

    /// Takes the token of a websocket from `Sec-WebSocket-Protocol` too, as browsers can give it no
    /// other header: `new WebSocket(url, ["chat", "bearer." + token])`.
    ///
    /// Only where a request opens a websocket (RFC 6455 section 4.1, RFC 8441 section 5); one that
    /// has an `Authorization` as well, or two such entries, is refused with 400. The answer must name
    /// the other protocol, `ws.protocols(["chat"])`, never the token. Who logs headers must leave
    /// this one out.
    #[must_use]
    pub fn websocket_protocol_token(mut self) -> Self {
        self.websocket_protocol_token = true;
        self
    }

    /// The clock that the claims are compared with.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Calls this whenever the keys of an issuer have changed: with the first set, and with each
    /// one whose usable keys are others than before; not for configured ones.
    ///
    /// It hears of one change after the other, on a thread where it may block. If it is so slow
    /// that 64 of them wait, the oldest is dropped; if it panics, that is logged; neither touches
    /// the keys. One that never returns keeps the tokio runtime from shutting down.
    ///
    /// ```
    /// use axum_protected::ResourceServer;
    ///
    /// let builder = ResourceServer::builder().on_keys_changed(|changed| {
    ///     eprintln!("{}: {:?} are gone", changed.issuer, changed.removed);
    /// });
    /// ```
    #[must_use]
    pub fn on_keys_changed<F>(mut self, hear: F) -> Self
    where
        F: Fn(&KeysChanged) + Send + Sync + 'static,
    {
        self.listener = Some(Listener::new(hear));
        self
    }

    /// Replaces the problem document that refusals carry. Whatever is returned, the status, the
    /// challenge and `Retry-After` stay those of the refusal.
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
