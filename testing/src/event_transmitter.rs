//! A transmitter of security events on a free loopback port.

mod poll_endpoint;
mod security_event;
mod stream;

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::routing::get;
use axum::{Json, Router};
use axum_protected::Algorithm;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::AbortHandle;

pub use self::security_event::SecurityEventBuilder;

use self::stream::Stream;
use crate::loopback_post::LoopbackUrl;
use crate::signing_keys::SigningKeys;

/// The audience of the events of an [`EventTransmitterServer`].
const AUDIENCE: &str = "https://api.example.com";

/// A transmitter of security events (OpenID Shared Signals Framework 1.0) on loopback, for tests of
/// receivers. It publishes its metadata and its keys, delivers events by polling (RFC 8936) and by
/// push (RFC 8935), and records the acknowledgements. It stops when it is dropped.
///
/// ```no_run
/// # async fn example() -> std::io::Result<()> {
/// use axum_protected_testing::EventTransmitterServer;
/// use serde_json::json;
///
/// let transmitter = EventTransmitterServer::start().await?;
/// let event = transmitter
///     .event("https://schemas.openid.net/secevent/caep/event-type/session-revoked")
///     .subject(json!({ "format": "iss_sub", "iss": "https://id.example.com", "sub": "alice" }));
/// transmitter.offer(&event.sign());
/// transmitter.settled().await;
/// assert_eq!(transmitter.acknowledged().len(), 1);
/// # Ok(())
/// # }
/// ```
///
/// Each poll request gets the events that are neither acknowledged nor reported, the oldest first. A
/// request with `returnImmediately` `false` waits up to 25 s for an event.
pub struct EventTransmitterServer {
    issuer: String,
    state: Arc<State>,
    task: AbortHandle,
}

/// State that the endpoints and the test share.
struct State {
    keys: Mutex<SigningKeys>,
    stream: Mutex<Stream>,
    /// Notified of each change of the stream.
    changes: watch::Sender<()>,
    /// The value of the header `Authorization` that poll requests must have.
    authorization: Mutex<Option<String>>,
}

/// The answer of a receiver to a pushed event.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PushAnswer {
    /// The HTTP status: 202 if the receiver accepted the event.
    pub status: u16,
    /// The body: empty, or JSON with `err` and `description`.
    pub body: String,
}

impl EventTransmitterServer {
    /// Generates an RS256 key and starts a transmitter on a free loopback port. In a debug build the
    /// generation of the key takes seconds.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no free port, or if the operating system returns no randomness
    /// for the key.
    pub async fn start() -> io::Result<Self> {
        Self::start_with(&SigningKeys::generate(&[Algorithm::RS256])?).await
    }

    /// Starts a transmitter with these keys on a free loopback port.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no free port.
    pub async fn start_with(keys: &SigningKeys) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        let issuer = format!("http://{}", listener.local_addr()?);
        let state = Arc::new(State {
            keys: Mutex::new(keys.clone()),
            stream: Mutex::default(),
            changes: watch::Sender::default(),
            authorization: Mutex::default(),
        });
        let metadata = metadata(&issuer);
        let published = Arc::clone(&state);
        let router = Router::new()
            .route("/.well-known/ssf-configuration", get(move || async move { Json(metadata) }))
            .route("/jwks", get(move || async move { Json(lock(&published.keys).jwks()) }))
            .merge(poll_endpoint::router(&state));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { issuer, state, task: serving.abort_handle() })
    }

    /// Returns the identifier of the transmitter, which is also its URL.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Returns the URL of the poll endpoint.
    #[must_use]
    pub fn poll_endpoint(&self) -> String {
        format!("{}/poll", self.issuer)
    }

    /// Replaces the keys of the transmitter.
    pub fn set_keys(&self, keys: &SigningKeys) {
        *lock(&self.state.keys) = keys.clone();
    }

    /// Demands this value of the header `Authorization` from poll requests. A request without it gets
    /// the status 401.
    pub fn require_authorization(&self, value: impl Into<String>) {
        *lock(&self.state.authorization) = Some(value.into());
    }

    /// Returns a builder for an event of this type, for the audience `https://api.example.com`.
    pub fn event(&self, event_type: &str) -> SecurityEventBuilder {
        let keys = lock(&self.state.keys).clone();
        SecurityEventBuilder::new(&keys, &self.issuer, AUDIENCE, event_type)
    }

    /// Offers a signed event to the receivers that poll. The name of the event is its `jti`, or empty
    /// if the text is not a JWT with a `jti`.
    pub fn offer(&self, event: &str) {
        self.offer_as(&stream::jti(event), event);
    }

    /// Offers a text to the receivers that poll, under this name instead of its `jti`.
    pub fn offer_as(&self, name: &str, event: &str) {
        lock(&self.state.stream).offer(name, event);
        self.state.changes.send_replace(());
    }

    /// Posts a signed event to a receiver on loopback, with this value of the header `Authorization`.
    ///
    /// # Errors
    ///
    /// Returns an error if the URL is not http on loopback, or if the receiver does not answer within
    /// five seconds.
    pub async fn push(
        &self,
        url: &str,
        authorization: Option<&str>,
        event: &str,
    ) -> io::Result<PushAnswer> {
        let url = LoopbackUrl::read(url).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, "the URL is not http on loopback")
        })?;
        let mut headers =
            vec![("content-type", "application/secevent+jwt"), ("accept", "application/json")];
        headers.extend(authorization.map(|value| ("authorization", value)));
        let (status, body) = url.post(&headers, event).await?;
        Ok(PushAnswer { status, body })
    }

    /// Waits until each offered event has been acknowledged or reported.
    pub async fn settled(&self) {
        let mut changes = self.state.changes.subscribe();
        // The sender is part of `self`, so that waiting never ends with an error.
        while !lock(&self.state.stream).is_settled() && changes.changed().await.is_ok() {}
    }

    /// Returns the names of the acknowledged events, in the order of the acknowledgements. An event
    /// that was acknowledged twice is there twice.
    #[must_use]
    pub fn acknowledged(&self) -> Vec<String> {
        lock(&self.state.stream).acknowledged().to_vec()
    }

    /// Returns the names and the error objects of the events that the receiver reported.
    #[must_use]
    pub fn reported(&self) -> Vec<(String, Value)> {
        lock(&self.state.stream).reported().to_vec()
    }

    /// Returns the number of poll requests that the transmitter has received.
    #[must_use]
    pub fn polls(&self) -> usize {
        lock(&self.state.stream).polls()
    }
}

/// Returns the metadata (Shared Signals Framework 1.0 section 7.1).
fn metadata(issuer: &str) -> Value {
    json!({
        "spec_version": "1_0",
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/jwks"),
        "delivery_methods_supported": ["urn:ietf:rfc:8935", "urn:ietf:rfc:8936"],
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for EventTransmitterServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl fmt::Debug for EventTransmitterServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("EventTransmitterServer")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}
