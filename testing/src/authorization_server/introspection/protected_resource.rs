//! The registration of a protected resource.

use std::fmt;

use axum_protected::Algorithm;
use serde_json::Value;

/// A protected resource, which asks the authorization server about tokens (RFC 7662). The kind of
/// its credentials is one of those that RFC 7662 section 2.1 permits.
///
/// ```
/// use axum_protected_testing::ProtectedResource;
///
/// let items = ProtectedResource::confidential("items-api", "a development secret");
/// let orders = ProtectedResource::bearer("orders-api", "a development token")
///     .audience("https://orders.example.com");
/// ```
#[derive(Clone)]
#[must_use = "it is registered by `AuthorizationServerBuilder::protected_resource`"]
pub struct ProtectedResource {
    pub(in super::super) id: String,
    pub(in super::super) credential: ResourceCredential,
    pub(in super::super) audiences: Vec<String>,
    pub(in super::super) introspection_signed_response_alg: Option<Algorithm>,
}

/// The credential with which a protected resource authenticates.
#[derive(Clone)]
pub(in super::super) enum ResourceCredential {
    Secret(String),
    BearerToken(String),
    /// A JWK set with the public keys of the resource.
    Keys(Value),
}

impl ProtectedResource {
    /// Creates a resource that authenticates with an id and a secret, in the `Authorization` header
    /// or in the form (RFC 6749 section 2.3.1).
    pub fn confidential(id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self::new(id, ResourceCredential::Secret(secret.into()))
    }

    /// Creates a resource that authenticates with a bearer token of its own. The token may have any
    /// value.
    pub fn bearer(id: impl Into<String>, token: impl Into<String>) -> Self {
        Self::new(id, ResourceCredential::BearerToken(token.into()))
    }

    /// Creates a resource that authenticates with a JWT that it signs (`private_key_jwt`, OpenID
    /// Connect Core section 9). `jwks` is the JWK set with its public keys, for example
    /// [`SigningKeys::jwks`](crate::SigningKeys::jwks).
    pub fn private_key_jwt(id: impl Into<String>, jwks: Value) -> Self {
        Self::new(id, ResourceCredential::Keys(jwks))
    }

    fn new(id: impl Into<String>, credential: ResourceCredential) -> Self {
        Self {
            id: id.into(),
            credential,
            audiences: Vec::new(),
            introspection_signed_response_alg: None,
        }
    }

    /// Adds an audience of the resource. The server calls a token for other audiences inactive.
    /// Without this method the audience is `https://api.example.com`, the default audience of the
    /// server's tokens.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// Answers with a JWT that is signed with this algorithm, if the resource asks for one (RFC 9701
    /// section 6). The algorithms are RS256, ES256 and EdDSA. Without this method all answers are
    /// plain JSON.
    pub fn introspection_signed_response_alg(mut self, algorithm: Algorithm) -> Self {
        self.introspection_signed_response_alg = Some(algorithm);
        self
    }
}

/// Formats the resource without its credential.
impl fmt::Debug for ProtectedResource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ProtectedResource")
            .field("id", &self.id)
            .field("audiences", &self.audiences)
            .field("introspection_signed_response_alg", &self.introspection_signed_response_alg)
            .finish_non_exhaustive()
    }
}
