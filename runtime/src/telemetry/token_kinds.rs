//! Emits the events about tokens whose kind is not certain.

use super::TARGET;

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
