//! The challenge of a refusal (RFC 6750 section 3, RFC 9470 section 3).

use http::{HeaderValue, StatusCode};

use super::status;
use crate::error::TokenErrorKind;
use crate::policy::Requirement;
use crate::scope::is_scope_token;
use crate::server::ResourceServer;

/// The `error` of the challenge: none where the request brought no authentication information
/// (RFC 6750 section 3.1).
fn error_code(kind: TokenErrorKind) -> Option<&'static str> {
    match (kind, status(kind)) {
        (TokenErrorKind::MissingToken, _) => None,
        (TokenErrorKind::InsufficientAuthentication, _) => Some("insufficient_user_authentication"),
        (_, StatusCode::BAD_REQUEST) => Some("invalid_request"),
        (_, StatusCode::FORBIDDEN) => Some("insufficient_scope"),
        _ => Some("invalid_token"),
    }
}

/// RFC 6750 section 3: at least one parameter, each once, all of them quoted. The scheme's own
/// trouble is no reason to ask the caller for other credentials, so 5xx carry none.
pub(super) fn challenge(
    kind: TokenErrorKind,
    requirement: &Requirement,
    server: &ResourceServer,
) -> Option<HeaderValue> {
    if status(kind).is_server_error() {
        return None;
    }
    let mut challenge = format!("Bearer realm=\"{}\"", server.realm());
    let mut add = |name: &str, value: &str| {
        for part in [", ", name, "=\"", value, "\""] {
            challenge.push_str(part);
        }
    };
    if let Some(error) = error_code(kind) {
        add("error", error);
        add("error_description", kind.description());
    }
    // The attributes let nothing else through; a policy written by hand might. Another scope would
    // not change the answer of the application's own check.
    let mut scopes = requirement.scopes();
    scopes.retain(|scope| is_scope_token(scope));
    if !scopes.is_empty() && kind != TokenErrorKind::Denied {
        add("scope", &scopes.join(" "));
    }
    if kind == TokenErrorKind::InsufficientAuthentication {
        let mut acr_values = requirement.acr_values();
        acr_values.retain(|acr| is_scope_token(acr));
        if !acr_values.is_empty() {
            add("acr_values", &acr_values.join(" "));
        }
        if let Some(seconds) = requirement.max_age() {
            add("max_age", &seconds.to_string());
        }
    }
    if let Some(url) = server.resource_metadata() {
        add("resource_metadata", url);
    }
    // Realm and URL were checked when the server was built, so this does not fail; if it did, a
    // challenge there must be.
    let plain = || HeaderValue::from_static("Bearer realm=\"api\"");
    Some(HeaderValue::from_str(&challenge).unwrap_or_else(|_| plain()))
}
