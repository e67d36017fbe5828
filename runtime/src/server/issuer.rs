//! Configuration of one trusted issuer.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use crate::algorithm::Algorithm;
use crate::token::Provider;

/// An issuer whose access tokens are accepted, with its own settings.
///
/// Audiences, algorithms and the token profile default to those of the server. The keys are found by
/// discovery (OpenID Connect or RFC 8414) unless [`jwks_uri`](Self::jwks_uri) or [`jwks`](Self::jwks)
/// is set.
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
    pub(super) identifier: String,
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) audiences: Vec<String>,
    pub(super) algorithms: Option<Vec<Algorithm>>,
    pub(super) jwks_uri: Option<String>,
    pub(super) jwks: Option<Value>,
    pub(super) seed_jwks: Option<Value>,
    #[serde(default)]
    pub(super) provider: Provider,
    pub(super) rfc9068: Option<bool>,
}

impl Issuer {
    /// Creates an issuer with this identifier: a URL exactly as in the `iss` of its tokens, https (or
    /// http on loopback), without query and fragment.
    #[must_use]
    pub fn new(issuer: impl Into<String>) -> Self {
        Self {
            identifier: issuer.into(),
            name: None,
            audiences: Vec::new(),
            algorithms: None,
            jwks_uri: None,
            jwks: None,
            seed_jwks: None,
            provider: Provider::default(),
            rfc9068: None,
        }
    }

    /// Sets the name of the issuer in policies, as in `#[protected(issuer = "acme")]`.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Adds an audience for this issuer's tokens; the audiences of the server then do not apply.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// Sets the signature algorithms accepted from this issuer, instead of those of the server.
    #[must_use]
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.algorithms = Some(algorithms.into_iter().collect());
        self
    }

    /// Sets the URL of the issuer's JWK set, instead of discovery.
    #[must_use]
    pub fn jwks_uri(mut self, uri: impl Into<String>) -> Self {
        self.jwks_uri = Some(uri.into());
        self
    }

    /// Sets the issuer's JWK set itself (RFC 7517 section 5). It is never fetched and never changes.
    #[must_use]
    pub fn jwks(mut self, set: Value) -> Self {
        self.jwks = Some(set);
        self
    }

    /// Sets a JWK set for a start while the issuer cannot be reached. It counts as fetched when the
    /// server was built, and is used until the first fetch succeeds, for at most 10 h. It may be a copy
    /// of the published set: unusable keys are skipped with a warning.
    ///
    /// ```
    /// use axum_protected::{Issuer, ResourceServer};
    /// # let saved = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
    ///
    /// let issuer = Issuer::new("https://id.example.com").seed_jwks(serde_json::from_str(saved)?);
    /// let server = ResourceServer::builder().issuer(issuer).audience("api").build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// The issuer's keys are still fetched immediately. Protect the seed: write access to it allows
    /// forging tokens. Remove keys from it that the issuer has withdrawn.
    #[must_use]
    pub fn seed_jwks(mut self, set: Value) -> Self {
        self.seed_jwks = Some(set);
        self
    }

    /// Sets the product that the issuer runs.
    #[must_use]
    pub fn provider(mut self, provider: Provider) -> Self {
        self.provider = provider;
        self
    }

    /// Requires strict RFC 9068 tokens: `typ` `at+jwt`, and the claims `sub`, `client_id`, `iat` and
    /// `jti`.
    #[must_use]
    pub fn rfc9068(mut self) -> Self {
        self.rfc9068 = Some(true);
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

/// Omits fields that may contain a secret by mistake: credentials in a URL, a private key in a set.
impl fmt::Debug for Issuer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Issuer")
            .field("audiences", &self.audiences)
            .field("provider", &self.provider)
            .finish_non_exhaustive()
    }
}
