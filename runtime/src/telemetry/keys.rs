//! Emits the events and spans of an issuer's keys.

use std::fmt::Display;

use tracing::Span;

use super::{TARGET, instruments};

/// Creates the tracing span of a fetch of an issuer's keys.
pub(crate) fn fetch(issuer: &str) -> Span {
    tracing::debug_span!(target: TARGET, "axum_protected.keys.fetch", issuer)
}

/// Records that a fetch returned a key set or confirmed the current key set.
pub(crate) fn keys_fetched(issuer: &str, keys: usize, changed: bool) {
    tracing::debug!(
        name: "axum_protected.keys.fetched",
        target: TARGET,
        issuer,
        keys,
        changed,
        "the issuer's keys were fetched"
    );
    instruments::keys_fetched(issuer, changed);
    instruments::keys_held(issuer, keys);
}

/// Records a fetch that failed. A repeated error is counted and not logged.
pub(crate) fn keys_not_fetched(issuer: &str, error: &dyn Display, is_repeated: bool) {
    if !is_repeated {
        tracing::warn!(
            name: "axum_protected.keys.not_fetched",
            target: TARGET,
            issuer,
            error = %error,
            "the issuer's keys could not be fetched"
        );
    }
    instruments::keys_not_fetched(issuer);
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

/// Reports that the keys were fetched from the last known location, because the metadata that names
/// the location failed.
pub(crate) fn metadata_not_fetched(issuer: &str, error: &dyn Display) {
    tracing::warn!(
        name: "axum_protected.metadata.not_fetched",
        target: TARGET,
        issuer,
        error = %error,
        "the issuer's metadata could not be fetched: its keys come from the last known `jwks_uri`"
    );
}

/// Records the number of keys in a key set from the configuration.
pub(crate) fn keys_held(issuer: &str, keys: usize) {
    instruments::keys_held(issuer, keys);
}

pub(crate) fn keys_changed(issuer: &str, added: &dyn Display, removed: &dyn Display) {
    tracing::info!(
        name: "axum_protected.keys.changed",
        target: TARGET,
        issuer,
        added = %added,
        removed = %removed,
        "the issuer's keys have changed"
    );
}

pub(crate) fn key_left_aside(issuer: &str, kid: &str, reason: &'static str) {
    tracing::warn!(
        name: "axum_protected.keys.left_aside",
        target: TARGET,
        issuer,
        kid,
        reason,
        "a published key cannot be used"
    );
}

pub(crate) fn key_irregular(issuer: &str, kid: &str, reason: &'static str) {
    tracing::warn!(
        name: "axum_protected.keys.irregular",
        target: TARGET,
        issuer,
        kid,
        reason,
        "a published key does not conform to the standards, and is used"
    );
}

/// Records that the queue of the `on_keys_changed` callback was full and a key change was removed
/// from it. The callback does not get this key change.
pub(crate) fn listener_overrun(issuer: &str) {
    tracing::warn!(
        name: "axum_protected.listener.overrun",
        target: TARGET,
        issuer,
        "`on_keys_changed` is too slow and missed a change of keys"
    );
}

pub(crate) fn listener_panicked(issuer: &str) {
    tracing::error!(
        name: "axum_protected.listener.panicked",
        target: TARGET,
        issuer,
        "`on_keys_changed` panicked"
    );
}
