//! How the server is, for whoever watches it.

use std::time::Duration;

use serde::{Serialize, Serializer};

use super::ResourceServer;
use super::trusted_issuer::TrustedIssuer;

impl ResourceServer {
    /// How the keys of each issuer are, now: neither waits nor causes a fetch that is not due, so that
    /// a probe may ask as often as it likes.
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
        let mut issuers: Vec<_> = self.inner().issuers.values().map(|one| one.health()).collect();
        issuers.sort_by(|one, other| one.issuer.cmp(&other.issuer));
        Health { ready: issuers.iter().all(|issuer| issuer.ready), issuers }
    }
}

/// How a server is. With serde it is the body of a health endpoint; it tells which issuers are
/// trusted, and nothing secret.
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
    /// Whether tokens of every issuer can be verified.
    pub ready: bool,
    /// Each issuer, by identifier.
    pub issuers: Vec<IssuerHealth>,
}

/// How the keys of an issuer are. Durations are serialized as whole seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct IssuerHealth {
    /// Its identifier.
    pub issuer: String,
    /// Whether its tokens can be verified: keys are held that may be used.
    pub ready: bool,
    /// How many keys are held, also those that an outage has made too old.
    pub keys: usize,
    /// How long ago they were loaded or confirmed, a seed when the server was built; `None` where
    /// there are none, or they are configured and never fetched.
    #[serde(rename = "age_seconds", serialize_with = "seconds")]
    pub age: Option<Duration>,
    /// How long until they are fetched again, zero where that is due; `None` where they never are.
    #[serde(rename = "next_refresh_seconds", serialize_with = "seconds")]
    pub next_refresh: Option<Duration>,
    /// How long they may still be used if every fetch fails.
    #[serde(rename = "usable_for_seconds", serialize_with = "seconds")]
    pub usable_for: Option<Duration>,
    /// Why the last fetch failed; `None` where it did not.
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
