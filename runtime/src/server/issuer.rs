//! One trusted issuer, as it is configured.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use crate::algorithm::Algorithm;
use crate::token::Provider;

/// An issuer whose access tokens are accepted, with what is particular to it.
///
/// What it leaves open it takes from the server: audiences, algorithms, the profile. Its keys are
/// found by discovery (OpenID Connect or RFC 8414) unless it says where they are.
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
    /// The issuer with this identifier, exactly as its tokens write it in `iss`: https, or http on
    /// loopback, without query and fragment.
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

    /// What policies call it, as in `#[protected(issuer = "acme")]`.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// An audience that this issuer's tokens may name, instead of the server's.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// The algorithms that this issuer signs with, instead of the server's.
    #[must_use]
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.algorithms = Some(algorithms.into_iter().collect());
        self
    }

    /// Where its JWK set is, instead of discovery.
    #[must_use]
    pub fn jwks_uri(mut self, uri: impl Into<String>) -> Self {
        self.jwks_uri = Some(uri.into());
        self
    }

    /// Its JWK set itself (RFC 7517 section 5), which then never changes and is never fetched.
    #[must_use]
    pub fn jwks(mut self, set: Value) -> Self {
        self.jwks = Some(set);
        self
    }

    /// A JWK set to begin with while the issuer cannot be reached: good as if it had been fetched
    /// when the server was built, until a fetch brings one, 10 h at most. It may be what the issuer
    /// publishes: keys that cannot be used are left aside with a warning.
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
    /// The issuer is asked at once all the same. Whoever can write the seed can sign tokens, and a
    /// key that the issuer has withdrawn must not stay in it.
    #[must_use]
    pub fn seed_jwks(mut self, set: Value) -> Self {
        self.seed_jwks = Some(set);
        self
    }

    /// The product behind it.
    #[must_use]
    pub fn provider(mut self, provider: Provider) -> Self {
        self.provider = provider;
        self
    }

    /// Demands RFC 9068 to the letter: `typ` `at+jwt`, and `sub`, `client_id`, `iat` and `jti`.
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

/// Without what may be secret by mistake: credentials in a URL, a private key in a set.
impl fmt::Debug for Issuer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Issuer")
            .field("audiences", &self.audiences)
            .field("provider", &self.provider)
            .finish_non_exhaustive()
    }
}
