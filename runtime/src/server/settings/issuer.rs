//! The configuration of one trusted issuer.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
#[cfg(feature = "security_events")]
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::claim_paths::{self, ClaimPaths};
use super::header_source::{self, HeaderSource};
use super::issuer_role::IssuerRole;
use super::kind_claim;
use super::shared_secret::SharedSecret;
#[cfg(feature = "security_events")]
use super::whole_seconds::whole_seconds;
use crate::algorithm::Algorithm;
use crate::introspection::Introspection;
use crate::token::Provider;

/// The configuration of an issuer whose access tokens the server accepts.
///
/// An issuer without its own audiences, algorithms or token profile uses those of the server. The
/// server finds the issuer's keys by discovery (OpenID Connect or RFC 8414) unless the
/// configuration says where the keys are: [`jwks_uri`](Self::jwks_uri), [`jwks`](Self::jwks),
/// [`jwks_file`](Self::jwks_file), [`public_key_pem`](Self::public_key_pem),
/// [`public_key_der`](Self::public_key_der) or [`shared_secret`](Self::shared_secret).
///
/// ```
/// use axum_protected::{Algorithm, Issuer, Provider};
///
/// let issuer = Issuer::new("https://id.example.com/realms/acme")
///     .audience("https://api.example.com")
///     .algorithms([Algorithm::ES256])
///     .provider(Provider::Keycloak);
/// ```
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    #[serde(rename = "issuer")]
    pub(in crate::server) identifier: String,
    #[serde(skip)]
    pub(in crate::server) role: IssuerRole,
    pub(in crate::server) name: Option<String>,
    #[serde(default)]
    pub(in crate::server) audiences: Vec<String>,
    pub(in crate::server) algorithms: Option<Vec<Algorithm>>,
    #[serde(default)]
    pub(in crate::server) provider: Provider,
    pub(in crate::server) rfc9068: Option<bool>,
    #[serde(default = "yes")]
    pub(in crate::server) required: bool,

    pub(in crate::server) metadata_url: Option<String>,
    pub(in crate::server) jwks_uri: Option<String>,
    pub(in crate::server) jwks: Option<Value>,
    pub(in crate::server) jwks_file: Option<PathBuf>,
    pub(in crate::server) seed_jwks: Option<Value>,
    #[serde(skip)]
    pub(in crate::server) public_key_pem: Option<String>,
    #[serde(skip)]
    pub(in crate::server) public_key_der: Option<Vec<u8>>,
    pub(in crate::server) shared_secret: Option<SharedSecret>,
    pub(in crate::server) shared_secret_file: Option<PathBuf>,

    pub(in crate::server) introspection: Option<Introspection>,

    pub(in crate::server) audience_claim: Option<String>,
    pub(in crate::server) scopes_claim: Option<ClaimPaths>,
    pub(in crate::server) roles_claim: Option<ClaimPaths>,
    #[serde(default, deserialize_with = "claim_paths::names")]
    pub(in crate::server) client_claim: Option<Vec<String>>,
    pub(in crate::server) tenant_claim: Option<String>,
    /// Name and value of the claim that marks the access tokens of the issuer.
    #[serde(default, deserialize_with = "kind_claim::name_and_value")]
    pub(in crate::server) kind_claim: Option<(String, String)>,
    pub(in crate::server) access_tokens_have_at_hash: Option<bool>,

    #[cfg(feature = "security_events")]
    #[serde(default)]
    pub(in crate::server) logout_clients: Vec<String>,
    #[cfg(feature = "security_events")]
    #[serde(
        rename = "token_lifetime_seconds",
        default = "token_lifetime",
        deserialize_with = "whole_seconds"
    )]
    pub(in crate::server) token_lifetime: Duration,

    #[serde(default)]
    pub(in crate::server) insecure_http: bool,
    pub(in crate::server) ca_file: Option<PathBuf>,
    #[serde(skip)]
    pub(in crate::server) root_certificates: Vec<Vec<u8>>,
    #[serde(skip)]
    pub(in crate::server) distrust_system_roots: bool,
    #[serde(default, deserialize_with = "header_source::headers")]
    pub(in crate::server) headers: BTreeMap<String, HeaderSource>,
}

fn yes() -> bool {
    true
}

/// Returns the default of [`Issuer::token_lifetime`].
#[cfg(feature = "security_events")]
const fn token_lifetime() -> Duration {
    Duration::from_secs(24 * 60 * 60)
}

impl Issuer {
    /// Creates an issuer with this identifier. The identifier is any text that is not empty. The
    /// server compares it byte by byte with the `iss` of tokens.
    ///
    /// The identifier must be a URL only if the server uses it for discovery: an https URL without a
    /// query and a fragment. An http URL must be on loopback, unless
    /// [`insecure_http`](Self::insecure_http) permits it. Identifiers that are not URLs are
    /// common: `acme.com`, `urn:example:issuer`, a project identifier, an e-mail address. Such an
    /// issuer needs [`metadata_url`](Self::metadata_url) or a setting that says where its keys are.
    #[must_use]
    pub fn new(issuer: impl Into<String>) -> Self {
        Self {
            identifier: issuer.into(),
            role: IssuerRole::default(),
            name: None,
            audiences: Vec::new(),
            algorithms: None,
            provider: Provider::default(),
            rfc9068: None,
            required: true,
            metadata_url: None,
            jwks_uri: None,
            jwks: None,
            jwks_file: None,
            seed_jwks: None,
            public_key_pem: None,
            public_key_der: None,
            shared_secret: None,
            shared_secret_file: None,
            introspection: None,
            audience_claim: None,
            scopes_claim: None,
            roles_claim: None,
            client_claim: None,
            tenant_claim: None,
            kind_claim: None,
            access_tokens_have_at_hash: None,
            #[cfg(feature = "security_events")]
            logout_clients: Vec::new(),
            #[cfg(feature = "security_events")]
            token_lifetime: token_lifetime(),
            insecure_http: false,
            ca_file: None,
            root_certificates: Vec::new(),
            distrust_system_roots: false,
            headers: BTreeMap::new(),
        }
    }

    /// Sets the name with which policies refer to the issuer, as in `#[protected(issuer =
    /// "acme")]`. Policies refer to an issuer without a name by its identifier.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    #[cfg(feature = "__testing")]
    pub(crate) fn configured_name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Adds an audience for this issuer's tokens. The server's own audiences then do not apply to
    /// this issuer.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// Sets the signature algorithms that tokens of this issuer may use, instead of the server's
    /// algorithms. The algorithms in [`Algorithm::HMAC`] need a
    /// [`shared_secret`](Self::shared_secret), and the others need public keys.
    #[must_use]
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.algorithms = Some(algorithms.into_iter().collect());
        self
    }

    /// Sets the authorization server product that the issuer runs, which determines the claims that
    /// the server reads, for example the roles.
    #[must_use]
    pub fn provider(mut self, provider: Provider) -> Self {
        self.provider = provider;
        self
    }

    /// Requires strict RFC 9068 tokens from this issuer: the header `typ` must be `at+jwt`. The claims
    /// `aud`, `iat`, `sub`, `client_id` and `jti` must be present, and the last three must not be
    /// empty. `scope`, if it is present, must be a string, and `scp` must be absent.
    #[must_use]
    pub fn rfc9068(mut self) -> Self {
        self.rfc9068 = Some(true);
        self
    }

    /// Makes this issuer optional for readiness. The server is ready when it holds the keys of all
    /// required issuers. If no issuer is required, the server is ready when it holds the keys of
    /// one of them. Tokens of an optional issuer are verified like other tokens. In a file, this
    /// setting is `required = false`.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }
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

/// Omits the fields that may contain a secret by mistake, such as credentials in a URL or a private
/// key in a JWK set.
impl fmt::Debug for Issuer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Issuer")
            .field("audiences", &self.audiences)
            .field("provider", &self.provider)
            .finish_non_exhaustive()
    }
}
