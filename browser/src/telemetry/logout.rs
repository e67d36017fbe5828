//! Emits the events of sign-outs.

use std::fmt;

use super::TARGET;

/// Records that a user signed out.
pub(crate) fn logout() {
    tracing::info!(
        name: "axum_protected_browser.logout.completed",
        target: TARGET,
        "a user signed out"
    );
}

/// Records that the provider cannot sign out the user, because its metadata is not available.
pub(crate) fn logout_without_provider(reason: &str) {
    tracing::warn!(
        name: "axum_protected_browser.logout.without_provider",
        target: TARGET,
        reason,
        "a user signed out here, and is still signed in at the provider"
    );
}

/// Records that the access tokens of an ended session are not revoked.
pub(crate) fn access_token_not_revoked(error: &dyn fmt::Display) {
    tracing::error!(
        name: "axum_protected_browser.logout.access_token_not_revoked",
        target: TARGET,
        %error,
        "the access tokens of an ended session are accepted until they expire"
    );
}

/// Records that a refresh token without a session is not revoked at the provider.
pub(crate) fn refresh_token_not_revoked(reason: &str) {
    tracing::warn!(
        name: "axum_protected_browser.logout.refresh_token_not_revoked",
        target: TARGET,
        reason,
        "the refresh token of an ended session was not revoked at the provider"
    );
}

/// Records that the provider ended sessions.
pub(crate) fn backchannel_logout() {
    tracing::info!(
        name: "axum_protected_browser.backchannel_logout.completed",
        target: TARGET,
        "the provider ended sessions"
    );
}

/// Records that a request to the back channel ended no session.
pub(crate) fn backchannel_logout_failed(reason: &str) {
    tracing::warn!(
        name: "axum_protected_browser.backchannel_logout.failed",
        target: TARGET,
        reason,
        "a back-channel logout failed"
    );
}
