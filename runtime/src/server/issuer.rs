//! The configuration of one trusted issuer.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use crate::algorithm::Algorithm;
use crate::token::Provider;

/// The configuration of an issuer whose access tokens the server accepts.
///
/// An issuer without its own audiences, algorithms or token profile uses those of the server. The
/// server finds the issuer's keys by discovery (OpenID Connect or RFC 8414) unless
/// [`jwks_uri`](Self::jwks_uri) or [`jwks`](Self::jwks) is set.
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
    /// Creates an issuer with this identifier. The identifier must be the URL exactly as in the
    /// `iss` of the issuer's tokens. The scheme of the URL must be https, or http on loopback. The
    /// URL must not have a query or a fragment.
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

    /// Sets the name with which policies refer to the issuer, as in `#[protected(issuer =
    /// "acme")]`.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Adds an audience for this issuer's tokens. The server's own audiences then do not apply to
    /// this issuer.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// Sets the signature algorithms that tokens of this issuer may use, instead of the server's
    /// algorithms.
    #[must_use]
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.algorithms = Some(algorithms.into_iter().collect());
        self
    }

    /// Sets the URL of the issuer's JWK set. The server then does not use discovery for this
    /// issuer.
    #[must_use]
    pub fn jwks_uri(mut self, uri: impl Into<String>) -> Self {
        self.jwks_uri = Some(uri.into());
        self
    }

    /// Sets the issuer's JWK set (RFC 7517 section 5). The server then never fetches keys of this
    /// issuer.
    #[must_use]
    pub fn jwks(mut self, set: Value) -> Self {
        self.jwks = Some(set);
        self
    }

    /// Sets a seed: a JWK set that the server uses until its first fetch of the issuer's keys
    /// succeeds. With a seed, the server can verify tokens even if it starts while the issuer
    /// cannot be reached. The server uses the seed for at most 10 h after the server was built. The
    /// seed may be a copy of the set that the issuer publishes. The server skips unusable keys of
    /// the seed and logs a warning for each.
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
    /// The server fetches the issuer's keys immediately even if a seed is set. Protect the file
    /// that contains the seed, because write access to the seed allows an attacker to forge tokens.
    /// Remove keys from the seed that the issuer has withdrawn.
    #[must_use]
    pub fn seed_jwks(mut self, set: Value) -> Self {
        self.seed_jwks = Some(set);
        self
    }

    /// Sets the authorization server product that the issuer runs, which determines the claims that
    /// the server reads, for example the roles.
    #[must_use]
    pub fn provider(mut self, provider: Provider) -> Self {
        self.provider = provider;
        self
    }

    /// Requires strict RFC 9068 tokens from this issuer: the header `typ` must be `at+jwt`, and the
    /// claims `sub`, `client_id`, `iat` and `jti` must be present.
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
