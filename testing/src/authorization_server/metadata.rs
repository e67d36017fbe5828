//! The metadata document (RFC 8414 section 2, OpenID Connect Discovery section 3).

use axum_protected::Algorithm;
use serde_json::{Value, json};

use super::ALGORITHMS;
use super::id_token::ALGORITHM;
use super::possession;
use super::registered_clients::Registration;
use crate::jws::members;

/// Returns the metadata document. The document lists the endpoints for clients only if a client is
/// registered, and the introspection endpoint only if a protected resource is.
pub(super) fn metadata(
    issuer: &str,
    registration: Option<&Registration>,
    has_protected_resources: bool,
) -> Value {
    let mut metadata = json!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM.name()],
    });
    let endpoints = registration.map(|registration| endpoints(issuer, registration));
    let introspection = has_protected_resources.then(|| introspection(issuer));
    if let Some(metadata) = metadata.as_object_mut() {
        metadata.extend(endpoints.into_iter().chain(introspection).flat_map(members));
        // A member without values is left out (RFC 8414 section 3.2).
        metadata.retain(|_, value| value.as_array().is_none_or(|values| !values.is_empty()));
    }
    metadata
}

fn endpoints(issuer: &str, registration: &Registration) -> Value {
    json!({
        "acr_values_supported": registration.acr_values,
        "authorization_details_types_supported": registration.authorization_details_types,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "authorization_response_iss_parameter_supported": true,
        "backchannel_logout_session_supported": true,
        "backchannel_logout_supported": true,
        "claims_supported":
            ["iss", "sub", "aud", "azp", "exp", "iat", "auth_time", "acr", "nonce", "at_hash", "sid"],
        "code_challenge_methods_supported": ["S256"],
        "dpop_signing_alg_values_supported": possession::algorithms(),
        "end_session_endpoint": format!("{issuer}/logout"),
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "pushed_authorization_request_endpoint": format!("{issuer}/par"),
        // Where the member is missing, clients assume `true` (OpenID Connect Discovery section 3).
        "request_uri_parameter_supported": false,
        "response_modes_supported": ["query"],
        "revocation_endpoint": format!("{issuer}/revoke"),
        "revocation_endpoint_auth_methods_supported":
            ["none", "client_secret_basic", "client_secret_post"],
        "scopes_supported": registration.user_scopes,
        // A proxy in front of the server writes the certificate into `Client-Cert`.
        "tls_client_certificate_bound_access_tokens": true,
        "token_endpoint": format!("{issuer}/token"),
        "token_endpoint_auth_methods_supported":
            ["none", "client_secret_basic", "client_secret_post"],
        "userinfo_endpoint": format!("{issuer}/userinfo"),
    })
}

fn introspection(issuer: &str) -> Value {
    json!({
        "introspection_endpoint": format!("{issuer}/introspect"),
        // The last value is that of a bearer token (RFC 8414 section 2).
        "introspection_endpoint_auth_methods_supported":
            ["client_secret_basic", "client_secret_post", "private_key_jwt", "Bearer"],
        "introspection_endpoint_auth_signing_alg_values_supported": Algorithm::ALL,
        "introspection_signing_alg_values_supported": ALGORITHMS,
    })
}
