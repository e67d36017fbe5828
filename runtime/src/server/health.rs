//! The health report of a server, for monitoring.

#[cfg(feature = "security_events")]
mod event_transmitters;

use std::time::Duration;

use serde::{Serialize, Serializer};

#[cfg(feature = "security_events")]
pub use self::event_transmitters::{EventPollHealth, EventTransmitterHealth};

use super::ResourceServer;
use super::introspection::Introspector;
use super::readiness::Readiness;
use super::trusted_issuer::TrustedIssuer;
use crate::error_chain::ErrorChain;
use crate::revocation::FeedHealth;

impl ResourceServer {
    /// Returns the current state of each issuer's keys and of the revocation feed. This method does
    /// not wait and does not cause a fetch, so probes may call it at any rate.
    ///
    /// ```
    /// use axum::http::StatusCode;
    /// use axum::{Json, extract::State};
    /// use axum_protected::{ResourceServer, public};
    /// use axum_protected::server::Health;
    ///
    /// #[public(reason = "the probe of the load balancer")]
    /// async fn health(State(server): State<ResourceServer>) -> (StatusCode, Json<Health>) {
    ///     let health = server.health();
    ///     let status = if health.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    ///     (status, Json(health.without_errors()))
    /// }
    /// ```
    #[must_use]
    pub fn health(&self) -> Health {
        let mut issuers: Vec<_> =
            self.inner().issuers.values().map(|issuer| issuer.health()).collect();
        issuers.sort_by(|one, other| one.issuer.cmp(&other.issuer));
        let revocations = &self.inner().revocations;
        Health {
            ready: is_ready(&issuers) && revocations.is_ready(),
            issuers,
            revocation_feed: revocations.feed_health(),
            #[cfg(feature = "security_events")]
            event_transmitters: self.event_transmitter_health(),
        }
    }
}

fn is_ready(issuers: &[IssuerHealth]) -> bool {
    match Readiness::of(issuers.iter(), |issuer| issuer.required) {
        Readiness::All(required) => required.iter().all(|issuer| issuer.ready),
        Readiness::One(optional) => optional.iter().any(|issuer| issuer.ready),
    }
}

/// The health of a server. A health endpoint can return this type as JSON. The JSON names the
/// trusted issuers and contains no secrets. The texts of errors may name addresses and files; see
/// [`without_errors`](Self::without_errors).
///
/// ```
/// let server = axum_protected::ResourceServer::builder()
///     .issuer("https://id.example.com")
///     .audience("https://api.example.com")
///     .build()?;
/// let body = serde_json::to_value(server.health())?;
/// assert_eq!(body["ready"], false);
/// assert_eq!(body["issuers"][0]["issuer"], "https://id.example.com");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Health {
    /// True if the server can verify the tokens of every required issuer. If no issuer is required,
    /// true if the server can verify the tokens of one issuer. With a revocation feed, also false
    /// while [`ready`](ResourceServer::ready) waits for it.
    pub ready: bool,
    /// The issuers, sorted by identifier.
    pub issuers: Vec<IssuerHealth>,
    /// The feed that shares revocations. `None` without one. Serde leaves it out if it is `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation_feed: Option<FeedHealth>,
    /// The transmitters of security events, sorted by identifier. They have no influence on `ready`.
    /// Serde leaves an empty list out.
    #[cfg(feature = "security_events")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub event_transmitters: Vec<EventTransmitterHealth>,
}

impl Health {
    /// Removes the texts of errors, for an endpoint that anybody can reach. The texts may name
    /// addresses inside of the network, such as that of Redis, and paths of files. The log has them
    /// too.
    #[must_use]
    pub fn without_errors(mut self) -> Self {
        for issuer in &mut self.issuers {
            (issuer.last_error, issuer.introspection_error) = (None, None);
        }
        if let Some(feed) = &mut self.revocation_feed {
            feed.last_error = None;
        }
        #[cfg(feature = "security_events")]
        for transmitter in &mut self.event_transmitters {
            transmitter.last_error = None;
            if let Some(poll) = &mut transmitter.poll {
                poll.last_error = None;
            }
        }
        self
    }
}

/// The state of an issuer's keys. Serde serializes the durations as whole seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct IssuerHealth {
    /// The identifier of the issuer.
    pub issuer: String,
    /// True if the server is not ready without this issuer; see
    /// [`Issuer::optional`](super::Issuer::optional).
    pub required: bool,
    /// True if the server can verify the issuer's tokens, because the server holds keys that are
    /// not too old, and knows the endpoint of introspection. An issuer without keys, about whose
    /// tokens the server asks, is ready when the endpoint is known.
    pub ready: bool,
    /// True if the keys may come over plain http; see
    /// [`Issuer::insecure_http`](super::Issuer::insecure_http).
    pub insecure_http: bool,
    /// The number of keys that the server holds, including keys that became too old during an
    /// outage of the issuer.
    pub keys: usize,
    /// The time since the server last fetched the keys, or since the issuer last confirmed that the
    /// keys have not changed. For keys of a seed, the time since the server was built. `None` if
    /// the server holds no keys, and for configured keys, which are never fetched.
    #[serde(rename = "age_seconds", serialize_with = "seconds")]
    pub age: Option<Duration>,
    /// The time until the next scheduled fetch, or zero if a fetch is due. `None` for configured
    /// keys.
    #[serde(rename = "next_refresh_seconds", serialize_with = "seconds")]
    pub next_refresh: Option<Duration>,
    /// The time for which the server may still use the keys if every fetch fails.
    #[serde(rename = "usable_for_seconds", serialize_with = "seconds")]
    pub usable_for: Option<Duration>,
    /// The error message of the last fetch, if the last fetch failed or could not revalidate the
    /// issuer's metadata. `None` if the last fetch succeeded.
    pub last_error: Option<String>,
    /// The cause for which the last question to the issuer about a token had no usable answer, or for
    /// which the server does not know the endpoint. `None` if the last question was answered. Serde
    /// leaves it out if it is `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introspection_error: Option<String>,
}

impl TrustedIssuer {
    fn health(&self) -> IssuerHealth {
        let status = self.keys.status();
        let introspection = self.introspection.as_ref();
        IssuerHealth {
            issuer: self.identifier.clone(),
            required: self.required,
            ready: status.usable && introspection.is_none_or(Introspector::is_ready),
            insecure_http: self.insecure_http,
            keys: status.keys,
            age: status.age,
            next_refresh: status.next_fetch,
            usable_for: status.usable_for,
            last_error: status.last_error.map(|error| ErrorChain(&*error).to_string()),
            introspection_error: introspection.and_then(Introspector::last_error),
        }
    }
}

#[allow(clippy::ref_option, reason = "serde passes the field")]
fn seconds<S: Serializer>(time: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(|time| time.as_secs()).serialize(serializer)
}
