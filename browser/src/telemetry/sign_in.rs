//! Emits the events of sign-ins.

use super::TARGET;

/// Records that a browser was sent to the provider.
pub(crate) fn sign_in_began() {
    tracing::debug!(
        name: "axum_protected_browser.sign_in.began",
        target: TARGET,
        "a sign-in began"
    );
}

/// Records that a session began.
pub(crate) fn sign_in_completed() {
    tracing::info!(
        name: "axum_protected_browser.sign_in.completed",
        target: TARGET,
        "a user signed in"
    );
}

/// Records that a sign-in failed because of the provider or the configuration.
pub(crate) fn sign_in_failed(code: &str, reason: &str) {
    tracing::warn!(
        name: "axum_protected_browser.sign_in.failed",
        target: TARGET,
        code,
        reason,
        "a sign-in failed"
    );
}

/// Records that a sign-in was refused. Everybody can cause this event.
pub(crate) fn sign_in_refused(code: &str, reason: &str) {
    tracing::info!(
        name: "axum_protected_browser.sign_in.refused",
        target: TARGET,
        code,
        reason,
        "a sign-in was refused"
    );
}

/// Records that the address to return to was not a path of the application.
pub(crate) fn return_address_replaced() {
    tracing::info!(
        name: "axum_protected_browser.return_address.replaced",
        target: TARGET,
        "the `return_to` of a sign-in is not a path of the application: the sign-in leads to `/`"
    );
}
