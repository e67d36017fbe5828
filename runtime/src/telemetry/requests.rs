//! Emits the events and spans of requests.

use std::fmt::Display;
use std::net::SocketAddr;

use tracing::Span;

use super::{Lookup, TARGET, instruments};
use crate::error::TokenError;

/// Creates the tracing span of a decision on a request. A decision that needs only a token from the
/// cache of verified tokens has no span.
pub(crate) fn authorize(operation: &'static str) -> Span {
    tracing::debug_span!(target: TARGET, "axum_protected.request.authorize", operation)
}

/// Records that a guard let a request through.
#[inline]
pub(crate) fn authorized(operation: &'static str, lookup: Lookup) {
    tracing::debug!(
        name: "axum_protected.request.authorized",
        target: TARGET,
        operation,
        "a request was authorized"
    );
    instruments::authorized(lookup);
}

/// Records that a guard refused a request although its token is valid. `policy` is the text of the
/// policy that the request does not satisfy. `check` is the name of the check that denied the
/// request, if a check did.
pub(crate) fn refused(
    operation: &'static str,
    code: &'static str,
    policy: &dyn Display,
    check: Option<&'static str>,
    lookup: Lookup,
) {
    tracing::info!(
        name: "axum_protected.request.refused",
        target: TARGET,
        operation,
        code,
        expected = %policy,
        check,
        "a request was refused"
    );
    instruments::refused(code, Some(lookup));
}

/// Records that the server passed the token of a request to an argument of a handler or of a check.
pub(crate) fn authenticated(lookup: Lookup) {
    tracing::debug!(
        name: "axum_protected.request.authenticated",
        target: TARGET,
        "a request was authenticated"
    );
    instruments::authenticated(lookup);
}

/// Records that the application's `on_decision` panicked.
pub(crate) fn audit_panicked(operation: &'static str) {
    tracing::error!(
        name: "axum_protected.audit.panicked",
        target: TARGET,
        operation,
        "`on_decision` panicked"
    );
}

/// Records that a stream or websocket ended because its token became invalid.
pub(crate) fn stream_ended(error: &TokenError) {
    tracing::info!(
        name: "axum_protected.stream.ended",
        target: TARGET,
        code = error.kind().code(),
        rule = error.rule(),
        "a stream ended because its token is no longer valid"
    );
}

/// Records that a request has no valid token.
pub(crate) fn unauthenticated(operation: &'static str, error: &TokenError) {
    let code = error.kind().code();
    tracing::info!(
        name: "axum_protected.request.unauthenticated",
        target: TARGET,
        operation,
        code,
        issuer = error.issuer(),
        claim = error.claim(),
        rule = error.rule(),
        expected = error.expected(),
        error = error.fetch_error(),
        "a request was not authenticated"
    );
    instruments::refused(code, None);
}

/// Records that the claims of a valid token cannot be deserialized as the type that a handler
/// takes. `missing` is the claim that is missing, if this is the reason.
pub(crate) fn unexpected_claims(
    code: &'static str,
    wanted: &'static str,
    missing: Option<&'static str>,
) {
    tracing::info!(
        name: "axum_protected.claims.unexpected",
        target: TARGET,
        code,
        wanted,
        claim = missing,
        "a request was refused: its claims cannot be read as the type that the handler takes"
    );
    instruments::refused(code, None);
}

/// Records that a handler takes claims of a type that cannot be deserialized from any JSON object.
pub(crate) fn claims_type(code: &'static str, wanted: &'static str) {
    tracing::error!(
        name: "axum_protected.claims.impossible",
        target: TARGET,
        code,
        wanted,
        "a handler takes claims of a type that cannot be read from any JSON object"
    );
    instruments::refused(code, None);
}

/// Records that a handler takes the value of a check, and that its guard loaded none for this
/// request.
pub(crate) fn value_not_loaded(code: &'static str, check: &'static str, reason: &'static str) {
    tracing::error!(
        name: "axum_protected.check.no_value",
        target: TARGET,
        code,
        check,
        reason,
        "a handler takes the value of a check that was not loaded for this request"
    );
    instruments::refused(code, None);
}

/// Records that a credential was refused because it is not known to have come over TLS.
pub(crate) fn insecure_transport(rule: Option<&'static str>, peer: Option<SocketAddr>) {
    let peer = peer.map_or_else(|| "unknown".to_owned(), |peer| peer.ip().to_string());
    tracing::warn!(
        name: "axum_protected.request.insecure",
        target: TARGET,
        rule,
        peer,
        "a credential was refused: it is not known to have come over TLS"
    );
}

/// Records the first accepted token of an issuer that may be an ID token.
pub(crate) fn ambiguous_token(issuer: &str) {
    tracing::warn!(
        name: "axum_protected.token.ambiguous",
        target: TARGET,
        issuer,
        "a token was accepted whose only audience is its client, so it may be an ID token; \
         configure an audience at the issuer that is not a client"
    );
}
