//! Emits the events of API keys.

use super::TARGET;

/// Records that a look-up of an API key failed. A repeated error is not logged.
pub(crate) fn api_key_look_up_failed(error: &str) {
    tracing::warn!(
        name: "axum_protected.api_keys.look_up_failed",
        target: TARGET,
        error,
        "an API key could not be looked up"
    );
}

/// Records that requests with unknown API keys are refused without a look-up, at most once a
/// minute.
pub(crate) fn api_key_look_ups_limited() {
    tracing::warn!(
        name: "axum_protected.api_keys.look_ups_limited",
        target: TARGET,
        "there are too many look-ups of unknown API keys: requests with keys that are not cached \
         are refused"
    );
}
