//! Emits the events and spans of introspection.

use tracing::Span;

use super::{IntrospectionOutcome, TARGET, instruments};

/// Creates the tracing span of a question about a token.
pub(crate) fn introspection(issuer: &str) -> Span {
    tracing::debug_span!(target: TARGET, "axum_protected.introspection.question", issuer)
}

/// Counts a question about a token.
pub(crate) fn introspected(issuer: &str, outcome: IntrospectionOutcome) {
    instruments::introspected(issuer, outcome);
}

/// Records that an issuer gave no usable answer. A repeated error is not logged.
pub(crate) fn introspection_failed(issuer: &str, error: &str) {
    tracing::warn!(
        name: "axum_protected.introspection.failed",
        target: TARGET,
        issuer,
        error,
        "the issuer could not be asked about a token"
    );
}

/// Records that the endpoint does not accept the credentials of this server. A repeated error is not
/// logged.
pub(crate) fn introspection_refused(issuer: &str, error: &str) {
    tracing::error!(
        name: "axum_protected.introspection.refused",
        target: TARGET,
        issuer,
        error,
        "the introspection endpoint does not accept the credentials of this server: no token of the \
         issuer can be verified"
    );
}

/// Records at the start of a server that answers of an issuer need not name an audience.
pub(crate) fn introspection_audience(issuer: &str) {
    tracing::warn!(
        name: "axum_protected.introspection.audience",
        target: TARGET,
        issuer,
        "`introspection.audience` is `client`: the server accepts tokens whose answer names no \
         audience, if the issuer answers this client about them"
    );
}

/// Records that requests with unknown tokens are refused without a question, at most once a minute.
pub(crate) fn introspection_limited(issuer: &str) {
    tracing::warn!(
        name: "axum_protected.introspection.limited",
        target: TARGET,
        issuer,
        "there are too many questions about unknown tokens: requests with tokens that are not cached \
         are refused"
    );
}
