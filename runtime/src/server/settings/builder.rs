//! The configuration of a resource server, set in code or deserialized from a file.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;

use super::client_certificate_header::ClientCertificateHeader;
use super::environment_report::EnvironmentReport;
use super::http_settings::HttpSettings;
use super::issuer::Issuer;
use super::whole_seconds::whole_seconds;
use crate::algorithm::Algorithm;
use crate::api_key::ApiKeys;
use crate::audit::Audit;
use crate::clock::{Clock, SystemClock};
use crate::dpop::{Dpop, ReplayStore};
use crate::keys::Listener;
use crate::refusal::RefusalBody;
use crate::revocation::RevocationFeed;
#[cfg(feature = "security_events")]
use crate::security_event::EventTransmitter;

/// The configuration of a [`ResourceServer`](crate::ResourceServer).
/// [`ResourceServer::builder`](crate::ResourceServer::builder) creates a builder, and serde can
/// deserialize one from a file.
///
/// The file may have any format that serde supports. An unknown field in the file is an error:
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
#[allow(clippy::struct_excessive_bools, reason = "they are independent settings")]
pub struct ResourceServerBuilder {
    pub(in crate::server) issuers: Vec<Issuer>,
    pub(in crate::server) audiences: Vec<String>,
    pub(in crate::server) algorithms: Option<Vec<Algorithm>>,
    pub(in crate::server) rfc9068: bool,
    pub(in crate::server) fapi2: bool,
    pub(in crate::server) revocations_fed_by_application: bool,
    #[serde(rename = "leeway_seconds", deserialize_with = "whole_seconds")]
    pub(in crate::server) leeway: Duration,
    pub(in crate::server) realm: String,
    pub(in crate::server) resource: Option<String>,
    pub(in crate::server) public_url: Option<String>,
    pub(in crate::server) trusted_proxies: Vec<String>,
    pub(in crate::server) require_https: bool,
    pub(in crate::server) refuse_undemanded_details: bool,
    pub(in crate::server) client_certificate_header: Option<ClientCertificateHeader>,
    pub(in crate::server) certificate_bound_tokens_required: bool,
    pub(in crate::server) verified_token_bytes: usize,
    pub(in crate::server) revocation_bytes: usize,
    pub(in crate::server) token_scheme: Option<String>,
    pub(in crate::server) token_header: Option<String>,
    pub(in crate::server) websocket_protocol_token: bool,
    pub(in crate::server) token_cookie: Option<String>,
    pub(in crate::server) token_cookie_origins: Vec<String>,
    pub(in crate::server) api_keys: Option<ApiKeys>,
    pub(in crate::server) dpop: Option<Dpop>,
    #[cfg(feature = "security_events")]
    pub(in crate::server) event_transmitters: Vec<EventTransmitter>,
    #[serde(skip)]
    pub(in crate::server) replay_store: Option<Arc<dyn ReplayStore>>,
    #[serde(skip)]
    pub(in crate::server) revocation_feed: Option<RevocationFeed>,
    #[serde(skip)]
    pub(in crate::server) clock: Arc<dyn Clock>,
    #[serde(skip)]
    pub(in crate::server) refusal_body: Option<RefusalBody>,
    #[serde(skip)]
    pub(in crate::server) listener: Option<Listener>,
    #[serde(skip)]
    pub(in crate::server) http: HttpSettings,
    #[serde(skip)]
    pub(in crate::server) audit: Option<Audit>,
    /// `None` if the settings do not come from variables.
    #[serde(skip)]
    pub(in crate::server) environment: Option<EnvironmentReport>,
}

impl Default for ResourceServerBuilder {
    fn default() -> Self {
        Self {
            issuers: Vec::new(),
            audiences: Vec::new(),
            algorithms: None,
            rfc9068: false,
            fapi2: false,
            revocations_fed_by_application: false,
            leeway: Duration::from_secs(30),
            realm: "api".to_owned(),
            resource: None,
            public_url: None,
            trusted_proxies: Vec::new(),
            require_https: false,
            refuse_undemanded_details: false,
            client_certificate_header: None,
            certificate_bound_tokens_required: false,
            verified_token_bytes: 32 * 1024 * 1024,
            revocation_bytes: 16 * 1024 * 1024,
            token_scheme: None,
            token_header: None,
            websocket_protocol_token: false,
            token_cookie: None,
            token_cookie_origins: Vec::new(),
            api_keys: None,
            dpop: None,
            #[cfg(feature = "security_events")]
            event_transmitters: Vec::new(),
            replay_store: None,
            revocation_feed: None,
            clock: Arc::new(SystemClock),
            refusal_body: None,
            listener: None,
            http: HttpSettings::default(),
            audit: None,
            environment: None,
        }
    }
}

impl ResourceServerBuilder {
    /// Adds a trusted issuer, given as its identifier or as an [`Issuer`] with its own settings.
    /// Call this method once for each issuer.
    #[must_use]
    pub fn issuer(mut self, issuer: impl Into<Issuer>) -> Self {
        self.issuers.push(issuer.into());
        self
    }

    /// Adds an identifier of this API. The `aud` of a token must contain at least one of the added
    /// identifiers. The added identifiers apply to all issuers that have no audiences of their own.
    /// Default: the identifier of the [`resource`](Self::resource). Call this method once for each
    /// identifier.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// Sets the accepted signature algorithms of all issuers that have no algorithms of their own.
    /// Default: all asymmetric algorithms that the cryptographic backend supports. These algorithms
    /// do not apply to issuers with a [`shared_secret`](Issuer::shared_secret).
    #[must_use]
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.algorithms = Some(algorithms.into_iter().collect());
        self
    }

    /// Sets the leeway: the difference between the clocks of issuer and server that the server
    /// tolerates when it checks `exp`, `nbf` and `iat`. Default: 30 s. For `iat`, the leeway is at
    /// least 60 s. If the leeway is longer than 300 s, [`build`](Self::build) returns an error. The
    /// leeway may have fractions of a second.
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

    /// Sets the size in bytes of the cache of tokens whose signature was verified. Default: 32 MiB.
    /// A size of 0 disables the cache. A cached token with its claims takes about three times the
    /// length of its text, so 32 MiB hold about 10 000 tokens of 1 kB. Choose a size that holds all
    /// tokens that are in use at the same time.
    ///
    /// While the cache has room, it adds a token on the first request with that token. When the
    /// cache is full of tokens that have not expired, it adds a token on the second request.
    /// Therefore, a token that occurs in only one request does not displace other tokens.
    ///
    /// For a cached token, the server skips only the verification of the signature. The server
    /// judges expiry, audience, policy and checks on every request. The server does not use a
    /// cached token after the issuer has withdrawn the token's key.
    #[must_use]
    pub fn verified_token_bytes(mut self, bytes: usize) -> Self {
        self.verified_token_bytes = bytes;
        self
    }

    /// Sets the size in bytes of the list of [`Revocations`](crate::revocation::Revocations).
    /// Default: 16 MiB, which hold about 100 000 entries. While the list is full, `revoke` returns
    /// an error.
    #[must_use]
    pub fn revocation_bytes(mut self, bytes: usize) -> Self {
        self.revocation_bytes = bytes;
        self
    }

    /// Sets the clock that the server compares `exp` and other times with. Default: the system
    /// clock.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
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
