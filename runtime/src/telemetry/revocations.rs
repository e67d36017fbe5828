//! Emits the events of the feed of revocations. No event contains the name of a revocation.

use std::fmt::Display;

use super::{TARGET, instruments};

/// Records that the log could not be read. A repeated error is not logged.
pub(crate) fn revocations_not_read(error: &str) {
    tracing::warn!(
        name: "axum_protected.revocations.not_read",
        target: TARGET,
        error,
        "the log of revocations could not be read: the server may lack revocations"
    );
}

/// Records that the log was read after an error.
pub(crate) fn revocations_read_again() {
    tracing::info!(
        name: "axum_protected.revocations.read_again",
        target: TARGET,
        "the log of revocations answers again"
    );
}

/// Records that revocations could not be appended to the log. A repeated error is not logged.
pub(crate) fn revocations_not_appended(error: &str) {
    tracing::warn!(
        name: "axum_protected.revocations.not_appended",
        target: TARGET,
        error,
        "revocations could not be appended to the log: they hold in this process only until the log \
         answers"
    );
}

/// Records that ended records could not be removed from the log. A repeated error is not logged.
pub(crate) fn revocations_not_trimmed(error: &str) {
    tracing::warn!(
        name: "axum_protected.revocations.not_trimmed",
        target: TARGET,
        error,
        "ended records could not be removed from the log of revocations: it grows"
    );
}

/// Records that the server reads the log from its start again.
pub(crate) fn revocations_resync(cause: &'static str) {
    tracing::warn!(
        name: "axum_protected.revocations.resync",
        target: TARGET,
        cause,
        "the log of revocations is read from its start again"
    );
    instruments::revocations_resync(cause);
}

/// Records that the log lacks revocations that this server has, after it was read.
pub(crate) fn revocations_missing(count: usize) {
    tracing::info!(
        name: "axum_protected.revocations.missing",
        target: TARGET,
        count,
        "the log lacks revocations, which are appended again"
    );
}

/// Records that records of the log cannot be read. `position` is that of the first of them.
pub(crate) fn revocation_unreadable(position: &dyn Display, count: usize) {
    tracing::error!(
        name: "axum_protected.revocations.unreadable",
        target: TARGET,
        position = %position,
        count,
        "the log has records that this version cannot read, so the server may lack revocations: \
         update it, or remove the records from the log"
    );
    instruments::revocations_unreadable(count);
}

/// Records that an entry of the log does not fit into the list.
pub(crate) fn revocations_overflow() {
    tracing::error!(
        name: "axum_protected.revocations.overflow",
        target: TARGET,
        "the list of revocations has no room for an entry of the log: raise `revocation_bytes`"
    );
}

/// Records that a task of the feed panicked and starts again.
pub(crate) fn revocation_feed_panicked() {
    tracing::error!(
        name: "axum_protected.revocations.panicked",
        target: TARGET,
        "a task of the revocation feed panicked, and starts again"
    );
}

/// Records the number of entries in the list, and the Unix time at which the server last had all
/// revocations of the log.
pub(crate) fn revocations_heard(entries: usize, is_complete: bool) {
    instruments::revocations_heard(entries, is_complete);
}
