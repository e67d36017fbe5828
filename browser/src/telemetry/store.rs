//! Emits the events of stores that several instances share.

use std::fmt;

use super::TARGET;

/// Records that the record of a session cannot be decrypted or has another format.
pub(crate) fn record_unreadable() {
    tracing::warn!(
        name: "axum_protected_browser.store.record_unreadable",
        target: TARGET,
        "a session has ended, because its record in the store is unreadable"
    );
}

/// Records that the record of an ended session stays in the store, where it has no effect.
pub(crate) fn record_not_deleted(error: &dyn fmt::Display) {
    tracing::warn!(
        name: "axum_protected_browser.store.record_not_deleted",
        target: TARGET,
        %error,
        "the record of an ended session was not deleted"
    );
}

/// Records that the time of a use was not written, so that the session may end earlier.
pub(crate) fn use_not_written(error: &dyn fmt::Display) {
    tracing::debug!(
        name: "axum_protected_browser.store.use_not_written",
        target: TARGET,
        %error,
        "the time of the last use of a session was not written"
    );
}
