//! Request of an operator to revoke tokens.

mod members;

use std::fmt;
use std::future::Future;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Deserializer, de};

use self::members::{Members, Target};
use super::{Revocation, RevocationError, Revocations};

/// Request of an operator to revoke tokens, as the body of a protected handler.
///
/// In JSON it is an object with the issuer and exactly one target:
///
/// | member | value |
/// |---|---|
/// | `issuer` | required: the issuer, exactly as in `iss`; `api-keys` for API keys |
/// | `token` | the `jti` of the token |
/// | `session` | the `sid` of the session |
/// | `subject` | the `sub` of the subject |
/// | `client` | the OAuth client |
/// | `all` | `true`: all tokens of the issuer |
/// | `until` | the time at which all of these tokens have expired; by default the [`horizon`](super::RevocationFeed::horizon) of the feed from now on, or 24 hours without a feed |
/// | `issued_until` | only with `subject`, `client` and `all`: the latest `iat` of the tokens; by default now |
///
/// Times are whole seconds since 1970. A text has 1 to 2048 bytes. `null` is the same as an absent
/// member. Unknown and repeated members are errors. An error names the member, and contains no value.
///
/// ```
/// use axum::extract::{Json, State};
/// use axum::http::StatusCode;
/// use axum_protected::revocation::{RevocationError, RevocationRequest};
/// use axum_protected::{ResourceServer, protected};
///
/// #[protected(scope = "revocations:write")]
/// async fn revoke(
///     State(server): State<ResourceServer>,
///     Json(request): Json<RevocationRequest>,
/// ) -> Result<StatusCode, (StatusCode, String)> {
///     match request.revoke(server.revocations()).await {
///         Ok(()) => Ok(StatusCode::NO_CONTENT),
///         Err(error) => Err((StatusCode::SERVICE_UNAVAILABLE, error.to_string())),
///     }
/// }
///
/// let body = r#"{ "issuer": "https://id.example.com", "subject": "alice" }"#;
/// let request: RevocationRequest = serde_json::from_str(body)?;
/// assert_eq!(request.issuer(), "https://id.example.com");
///
/// let body = r#"{ "issuer": "https://id.example.com", "subject": "alice", "token": "7" }"#;
/// let error = serde_json::from_str::<RevocationRequest>(body).unwrap_err().to_string();
/// assert!(error.starts_with("`token` and `subject` are both set: keep one"));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Whoever may send such a request can lock out every caller of the API. Demand a scope of its own
/// for it.
pub struct RevocationRequest {
    issuer: String,
    target: Target,
    until: Option<SystemTime>,
}

impl RevocationRequest {
    /// Returns the issuer of the tokens, for handlers in which an operator may revoke the tokens of
    /// some issuers only.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Revokes the tokens. The revocation takes effect when this function is called, before the
    /// future is awaited. Await the future to learn if it succeeded.
    ///
    /// Times that the request does not contain are those of this call, by the clock of the server.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Revocations::revoke`].
    pub fn revoke(
        self,
        revocations: &Revocations,
    ) -> impl Future<Output = Result<(), RevocationError>> + Send + 'static + use<> {
        let (revocation, until) =
            self.at(revocations.shared.system_time(), revocations.longest_time());
        revocations.revoke(revocation, until)
    }

    /// Returns the revocation and its end for a request that is made at the time `now`.
    fn at(self, now: SystemTime, longest: Duration) -> (Revocation, SystemTime) {
        let issuer = self.issuer;
        let revocation = match self.target {
            Target::Token(jti) => Revocation::token(issuer, jti),
            Target::Session(sid) => Revocation::session(issuer, sid),
            Target::Subject(subject, latest) => {
                Revocation::subject(issuer, subject, latest.unwrap_or(now))
            }
            Target::Client(client, latest) => {
                Revocation::client(issuer, client, latest.unwrap_or(now))
            }
            Target::All(latest) => Revocation::issuer(issuer, latest.unwrap_or(now)),
        };
        (revocation, self.until.or_else(|| now.checked_add(longest)).unwrap_or(now))
    }
}

impl<'de> Deserialize<'de> for RevocationRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Members::deserialize(deserializer)?.request().map_err(de::Error::custom)
    }
}

impl fmt::Debug for RevocationRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RevocationRequest")
            .field("issuer", &self.issuer)
            .field("target", &self.target.member())
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
