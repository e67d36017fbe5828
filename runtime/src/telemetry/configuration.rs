//! Emits the events that ask the operator to look at the configuration.

use super::TARGET;
use crate::transport::Insecure;

/// Records that the identifier of the resource has a query, which it should not have (RFC 9728
/// section 1.2).
pub(crate) fn resource_has_query(resource: &str) {
    tracing::warn!(
        name: "axum_protected.configuration.resource_query",
        target: TARGET,
        resource,
        "the `resource` has a query: some clients will not find its metadata"
    );
}

/// Records that a credential was refused because it is not known to have come over TLS.
pub(crate) fn insecure_transport(insecure: Insecure) {
    let reason = insecure.reason();
    let peer = insecure.peer().map_or_else(|| "unknown".to_owned(), |peer| peer.to_string());
    tracing::warn!(
        name: "axum_protected.request.insecure",
        target: TARGET,
        reason,
        peer,
        "a credential was refused: it is not known to have come over TLS"
    );
}
