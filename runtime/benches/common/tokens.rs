//! Functions that create access tokens of about 900 bytes in the format of Keycloak.

use axum_protected::{Algorithm, Issuer, Provider};
use axum_protected_testing::{SigningKeys, TokenBuilder};
use serde_json::{Value, json};

pub(crate) const AUDIENCE: &str = "https://api.example.com";

/// Creates an issuer with configured keys, which needs no network.
pub(crate) fn issuer(identifier: &str, jwks: &Value) -> Issuer {
    Issuer::new(identifier).provider(Provider::Keycloak).jwks(jwks.clone())
}

/// Creates the builder of a valid token with a unique `jti`.
pub(crate) fn token(keys: &SigningKeys, identifier: &str, algorithm: Algorithm) -> TokenBuilder {
    let mut token = TokenBuilder::new(keys, identifier, AUDIENCE)
        .algorithm(algorithm)
        .header("typ", "JWT")
        .subject("5f0c9d1e-6b1f-4c39-9a53-0e8d2f6a7b41")
        .scope("openid items:read items:write")
        .without("client_id");
    if let Value::Object(claims) = keycloak() {
        for (name, value) in claims {
            token = token.claim(&name, value);
        }
    }
    token
}

fn keycloak() -> Value {
    json!({
        "typ": "Bearer",
        "azp": "storefront",
        "sid": "2c1f4b8e-0d3a-4f57-8a1e-7b9c5d6e4f30",
        "acr": "1",
        "resource_access": { "storefront": { "roles": ["buyer"] } },
        "preferred_username": "alice",
    })
}
