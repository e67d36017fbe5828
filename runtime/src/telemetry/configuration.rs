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

/// Warns about an environment variable whose name looks like a typing error of a known name.
pub(crate) fn variable_misspelt(variable: &str, known: &'static str) {
    tracing::warn!(
        name: "axum_protected.environment.misspelling",
        target: TARGET,
        variable = variable.escape_debug().to_string(),
        known,
        "an environment variable is ignored: its name looks like a typing error"
    );
}

/// Records at the start of a server that the keys of an issuer may come over plain http.
pub(crate) fn insecure_http(issuer: &str, hosts: &str) {
    tracing::warn!(
        name: "axum_protected.issuer.insecure_http",
        target: TARGET,
        issuer,
        hosts,
        "the issuer's keys may come over plain http: whoever changes the traffic can forge tokens"
    );
}

/// Records that a server starts with a setting that admits ID tokens of an issuer.
pub(crate) fn ambiguous_settings(issuer: &str, setting: &'static str) {
    tracing::warn!(
        name: "axum_protected.issuer.ambiguous",
        target: TARGET,
        issuer,
        setting,
        "nothing tells the access tokens of the issuer from its ID tokens; set `kind_claim` or \
         `rfc9068` if the issuer marks its access tokens"
    );
}

/// Records that a request had a credential in a cookie, and that no layer makes the response private.
pub(crate) fn response_not_private() {
    tracing::warn!(
        name: "axum_protected.response.not_private",
        target: TARGET,
        "a request has its credential in a cookie, and a shared cache may store the response: add \
         `PrivateResponsesLayer` around the routes"
    );
}
