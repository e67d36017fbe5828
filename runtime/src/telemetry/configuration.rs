//! Emits the events that ask the operator to look at the configuration.

use super::TARGET;

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
