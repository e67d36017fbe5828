//! How a resource server is described, in code or in a file, and everything that is wrong with the
//! description told at once.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum_core::response::Response;
use http::HeaderValue;
use serde::Deserialize;

use super::issuer::Issuer;
use super::{Inner, RefusalBody, ResourceServer};
use crate::algorithm::Algorithm;
use crate::clock::{Clock, SystemClock};
use crate::error::ConfigError;
use crate::keys;
use crate::refusal::Refusal;

/// The largest leeway for clocks that differ: "a few minutes" (RFC 7519 section 4.1.4).
const LEEWAY_LIMIT: u64 = 300;

/// Describes a [`ResourceServer`]; made by [`ResourceServer::builder`] or read from a file.
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
#[serde(deny_unknown_fields)]
pub struct ResourceServerBuilder {
    #[serde(default)]
    issuers: Vec<Issuer>,
    #[serde(default)]
    audiences: Vec<String>,
    algorithms: Option<Vec<Algorithm>>,
    #[serde(default)]
    rfc9068: bool,
    #[serde(default = "default_leeway")]
    leeway_seconds: u64,
    #[serde(default = "default_realm")]
    realm: String,
    resource_metadata: Option<String>,
    #[serde(skip, default = "default_clock")]
    clock: Arc<dyn Clock>,
    #[serde(skip)]
    refusal_body: Option<RefusalBody>,
}

fn default_leeway() -> u64 {
    30
}

fn default_realm() -> String {
    "api".to_owned()
}

fn default_clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

impl Default for ResourceServerBuilder {
    fn default() -> Self {
        Self {
            issuers: Vec::new(),
            audiences: Vec::new(),
            algorithms: None,
            rfc9068: false,
            leeway_seconds: default_leeway(),
            realm: default_realm(),
            resource_metadata: None,
            clock: default_clock(),
            refusal_body: None,
        }
    }
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

    /// How far the clocks of issuer and server may differ, for `exp` and `nbf`: 30 s unless said,
    /// 300 s at most. Fractions of a second count as none.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway_seconds = leeway.as_secs();
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

    /// The clock that the claims are compared with.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
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
        self.refusal_body = Some(RefusalBody(Arc::new(body)));
        self
    }

    /// Builds the server and, inside a tokio runtime, begins to fetch keys; it does not wait for
    /// them, so that an API starts while its issuer is down.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the description, at once.
    pub fn build(self) -> Result<ResourceServer, ConfigError> {
        let mut problems = Vec::new();
        self.check(&mut problems);
        let defaults = Defaults {
            audiences: &self.audiences,
            algorithms: self.algorithms.as_deref(),
            rfc9068: self.rfc9068,
            leeway: Duration::from_secs(self.leeway_seconds),
        };
        let settle = |issuer: Issuer| issuer.settle(&defaults, &mut problems);
        let issuers: Vec<_> = self.issuers.into_iter().filter_map(settle).collect();
        let remote = issuers.iter().any(super::issuer::Settled::needs_client);
        let client = match remote.then(keys::client).transpose() {
            Ok(client) => client,
            Err(error) => {
                problems.push(format!("no HTTP client can be made: {error}"));
                None
            }
        };
        ConfigError::unless_empty(problems)?;
        let start = |issuer: super::issuer::Settled| issuer.start(client.as_ref());
        let issuers = issuers.into_iter().filter_map(start);
        Ok(ResourceServer(Arc::new(Inner {
            issuers: issuers
                .map(|one| (one.identifier.clone(), one))
                .collect::<HashMap<_, _>>(),
            clock: self.clock,
            realm: self.realm,
            resource_metadata: self.resource_metadata,
            refusal_body: self.refusal_body,
        })))
    }

    fn check(&self, problems: &mut Vec<String>) {
        if !Algorithm::ALL
            .into_iter()
            .any(crate::token::signature::is_supported)
        {
            problems.push("enable the feature `aws_lc_rs` or `rust_crypto`".to_owned());
        }
        if self.issuers.is_empty() {
            problems.push("no issuer: name who signs the tokens with `issuer`".to_owned());
            if self.audiences.is_empty() {
                let problem = "no audience: name this API's identifier with `audience`";
                problems.push(problem.to_owned());
            }
        }
        for (index, issuer) in self.issuers.iter().enumerate() {
            let name = issuer.identifier();
            if self
                .issuers
                .iter()
                .take(index)
                .any(|earlier| earlier.identifier() == name)
            {
                problems.push(format!("the issuer `{name}` is named twice"));
            }
        }
        if self.leeway_seconds > LEEWAY_LIMIT {
            problems.push(format!("the leeway is longer than {LEEWAY_LIMIT} s"));
        }
        if !is_quotable(&self.realm) {
            problems.push("the realm is empty or has a quote, a backslash or a control".to_owned());
        }
        if self
            .resource_metadata
            .as_deref()
            .is_some_and(|url| !is_metadata_url(url))
        {
            problems.push("the `resource_metadata` is not an absolute https URL".to_owned());
        }
    }
}

/// What issuers take from the server where they say nothing themselves.
#[derive(Debug)]
pub(super) struct Defaults<'a> {
    pub(super) audiences: &'a [String],
    pub(super) algorithms: Option<&'a [Algorithm]>,
    pub(super) rfc9068: bool,
    pub(super) leeway: Duration,
}

/// Fit for a quoted-string without an escape (RFC 9110 section 5.6.4).
fn is_quotable(text: &str) -> bool {
    let quotable = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
    !text.is_empty() && text.bytes().all(quotable) && HeaderValue::from_str(text).is_ok()
}

fn is_metadata_url(text: &str) -> bool {
    is_quotable(text) && text.parse().is_ok_and(|url| keys::is_permitted(&url))
}

impl From<&str> for Issuer {
    fn from(identifier: &str) -> Self {
        Self::new(identifier)
    }
}

impl From<String> for Issuer {
    fn from(identifier: String) -> Self {
        Self::new(identifier)
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
