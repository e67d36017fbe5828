//! What becomes of requests.

use tracing::Span;

use super::{Lookup, TARGET, instruments};

/// Around everything that is not decided at once.
pub(crate) fn authorize(operation: &'static str) -> Span {
    tracing::debug_span!(target: TARGET, "axum_protected.request.authorize", operation)
}

/// A guard let the request through.
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

/// A guard refused what a good token asks for.
pub(crate) fn refused(operation: &'static str, code: &'static str, lookup: Lookup) {
    tracing::info!(
        name: "axum_protected.request.refused",
        target: TARGET,
        operation,
        code,
        "a request was refused"
    );
    instruments::refused(code, Some(lookup));
}

/// An argument of a handler, or of a check, took the token.
pub(crate) fn authenticated(lookup: Lookup) {
    tracing::debug!(
        name: "axum_protected.request.authenticated",
        target: TARGET,
        "a request was authenticated"
    );
    instruments::authenticated(lookup);
}

/// What outlived its request has ended, since its token is no good any more.
pub(crate) fn stream_ended(code: &'static str) {
    tracing::info!(
        name: "axum_protected.stream.ended",
        target: TARGET,
        code,
        "a stream has ended with its token"
    );
}

/// There is no good token.
pub(crate) fn unauthenticated(operation: &'static str, code: &'static str) {
    tracing::info!(
        name: "axum_protected.request.unauthenticated",
        target: TARGET,
        operation,
        code,
        "a request was not authenticated"
    );
    instruments::refused(code, None);
}

/// The token is good and its claims are not those of the type that a handler takes.
pub(crate) fn unexpected_claims(code: &'static str, wanted: &'static str) {
    tracing::info!(
        name: "axum_protected.claims.unexpected",
        target: TARGET,
        code,
        wanted,
        "a request was refused"
    );
    instruments::refused(code, None);
}

/// No claims are those of that type.
pub(crate) fn claims_type(code: &'static str, wanted: &'static str) {
    tracing::error!(
        name: "axum_protected.claims.impossible",
        target: TARGET,
        code,
        wanted,
        "no JSON object can be read as this type"
    );
    instruments::refused(code, None);
}
