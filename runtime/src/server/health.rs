//! Health report of the server, for monitoring.

use std::time::Duration;

use serde::{Serialize, Serializer};

use super::ResourceServer;
use super::trusted_issuer::TrustedIssuer;

impl ResourceServer {
    /// Returns the current state of each issuer's keys. It does not wait and causes no extra fetch, so
    /// probes may call it at any rate.
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
    ///     (status, Json(health))
    /// }
    /// ```
    #[must_use]
    pub fn health(&self) -> Health {
        let mut issuers: Vec<_> =
            self.inner().issuers.values().map(|issuer| issuer.health()).collect();
        issuers.sort_by(|one, other| one.issuer.cmp(&other.issuer));
        Health { ready: issuers.iter().all(|issuer| issuer.ready), issuers }
    }
}

/// The health of a server. Serialized with serde, it is the body of a health endpoint. It names the
/// trusted issuers and contains no secrets.
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
    /// True if tokens of every issuer can be verified.
    pub ready: bool,
    /// The issuers, sorted by identifier.
    pub issuers: Vec<IssuerHealth>,
}

/// The state of an issuer's keys. Durations are serialized as whole seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct IssuerHealth {
    /// The identifier of the issuer.
    pub issuer: String,
    /// True if its tokens can be verified: it has keys that may still be used.
    pub ready: bool,
    /// The number of keys, including keys that became too old in an outage.
    pub keys: usize,
    /// The time since the keys were fetched or confirmed; for a seed, since the server was built.
    /// `None` without keys, and for configured keys, which are never fetched.
    #[serde(rename = "age_seconds", serialize_with = "seconds")]
    pub age: Option<Duration>,
    /// The time until the next fetch, zero if it is due. `None` for configured keys.
    #[serde(rename = "next_refresh_seconds", serialize_with = "seconds")]
    pub next_refresh: Option<Duration>,
    /// The time for which the keys may still be used if every fetch fails.
    #[serde(rename = "usable_for_seconds", serialize_with = "seconds")]
    pub usable_for: Option<Duration>,
    /// The reason that the last fetch failed; `None` if it succeeded.
    pub last_error: Option<String>,
}

impl TrustedIssuer {
    fn health(&self) -> IssuerHealth {
        let status = self.keys.status();
        IssuerHealth {
            issuer: self.identifier.clone(),
            ready: status.usable,
            keys: status.keys,
            age: status.age,
            next_refresh: status.next_fetch,
            usable_for: status.usable_for,
            last_error: status.last_error.map(|error| error.to_string()),
        }
    }
}

#[allow(clippy::ref_option, reason = "serde passes the field")]
fn seconds<S: Serializer>(time: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(|time| time.as_secs()).serialize(serializer)
}
