//! Emits the events of sessions and of their refreshes.

use std::fmt;

use super::TARGET;

/// Records that the tokens of a session were renewed.
pub(crate) fn session_renewed() {
    tracing::debug!(
        name: "axum_protected_browser.session.renewed",
        target: TARGET,
        "the tokens of a session were renewed"
    );
}

/// Records that the provider gave no usable answer to a refresh.
pub(crate) fn session_not_renewed(reason: &str) {
    tracing::warn!(
        name: "axum_protected_browser.session.not_renewed",
        target: TARGET,
        reason,
        "the tokens of a session were not renewed: the session goes on, and the next attempt follows \
         after a short pause"
    );
}

/// Records that the provider does not accept the refresh token of a session any more.
pub(crate) fn session_refused() {
    tracing::info!(
        name: "axum_protected_browser.session.refused",
        target: TARGET,
        "a session ended, because the provider does not renew it any more"
    );
}

/// Records that the provider renewed a session for another user.
pub(crate) fn session_of_other_subject(reason: &str) {
    tracing::error!(
        name: "axum_protected_browser.session.other_subject",
        target: TARGET,
        reason,
        "a session ended, because the provider renewed it for another user"
    );
}

/// Records that the ID token of a refresh could not be verified yet.
pub(crate) fn id_token_not_verified(reason: &str) {
    tracing::warn!(
        name: "axum_protected_browser.session.id_token_not_verified",
        target: TARGET,
        reason,
        "the ID token of a refresh was not verified: the session keeps the earlier one"
    );
}

/// Records that the store did not return a session.
pub(crate) fn session_not_read(error: &dyn fmt::Display) {
    tracing::warn!(
        name: "axum_protected_browser.session.not_read",
        target: TARGET,
        %error,
        "a session cannot be read from the store"
    );
}

/// Records that the store did not save new tokens, which is tried again.
pub(crate) fn session_not_saved(error: &dyn fmt::Display) {
    tracing::warn!(
        name: "axum_protected_browser.session.not_saved",
        target: TARGET,
        %error,
        "the new tokens of a session are not saved yet: they are in the memory of this process"
    );
}

/// Records that new tokens were never saved.
pub(crate) fn session_lost(error: &dyn fmt::Display) {
    tracing::error!(
        name: "axum_protected_browser.session.lost",
        target: TARGET,
        %error,
        "the new tokens of a session were not saved: the session will end"
    );
}

/// Records that the store did not end a session.
pub(crate) fn session_not_ended(error: &dyn fmt::Display) {
    tracing::error!(
        name: "axum_protected_browser.session.not_ended",
        target: TARGET,
        %error,
        "sessions were not ended in the store"
    );
}

/// Records that new tokens do not fit into the cookie of their session.
pub(crate) fn session_too_long(error: &dyn fmt::Display) {
    tracing::error!(
        name: "axum_protected_browser.session.too_long",
        target: TARGET,
        %error,
        "a session ended at the refresh of its tokens"
    );
}

/// Records that the list of the ended sessions in cookies is full.
pub(crate) fn endings_forgotten() {
    tracing::warn!(
        name: "axum_protected_browser.session.endings_forgotten",
        target: TARGET,
        "the list of ended sessions is full: the cookie of an ended session is accepted again until \
         the provider refuses its refresh token"
    );
}

/// Records that a session ended for lack of room.
pub(crate) fn session_displaced() {
    tracing::debug!(
        name: "axum_protected_browser.session.displaced",
        target: TARGET,
        "a sign-in ended the oldest session of the same user, for lack of room"
    );
}
