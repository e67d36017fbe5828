//! Reports the outcome of a fetch to the log, to the metrics and to the `on_keys_changed` callback.

use std::sync::Arc;

use super::error::FetchError;
use super::keys_changed::{KeysChanged, Names};
use super::listener::Listener;
use super::set::KeySet;
use crate::error_chain::ErrorChain;
use crate::telemetry;

/// Outcome of a fetch, with the published key sets before and after the fetch.
#[derive(Debug, Default)]
pub(super) struct FetchOutcome {
    pub(super) before: Option<Arc<KeySet>>,
    pub(super) after: Option<Arc<KeySet>>,
    /// Error of the whole fetch.
    pub(super) error: Option<Arc<FetchError>>,
    /// Error of the fetch before this fetch.
    pub(super) error_before: Option<Arc<FetchError>>,
    /// Error of the metadata in a fetch that returned keys from the last known location.
    pub(super) metadata_error: Option<Arc<FetchError>>,
}

/// Reports the outcome of a fetch. The caller must not hold a lock, because `tracing` subscribers
/// and metrics recorders may be slow or panic.
pub(super) fn report(issuer: &str, outcome: &FetchOutcome, listener: Option<&Listener>) {
    if let Some(error) = &outcome.error {
        let is_repeated = is_repeated(error, outcome);
        telemetry::keys_not_fetched(issuer, &ErrorChain(&**error), is_repeated);
    }
    if let Some(error) = &outcome.metadata_error {
        telemetry::metadata_not_fetched(issuer, &ErrorChain(&**error));
    }
    let (None, Some(after)) = (&outcome.error, &outcome.after) else {
        return;
    };
    // An unchanged set is fetched again and again, and its remarks are reported once.
    if outcome.before.as_ref().is_none_or(|before| before.remarks() != after.remarks()) {
        after.remarks().iter().for_each(|remark| remark.warn(issuer));
    }
    let changed = KeysChanged::between(issuer, outcome.before.as_deref(), after);
    telemetry::keys_fetched(issuer, after.count(), changed.is_some());
    let Some(changed) = changed else {
        return;
    };
    telemetry::keys_changed(issuer, &Names(&changed.added), &Names(&changed.removed));
    if let Some(listener) = listener {
        listener.notify(changed);
    }
}

/// Returns true for a file that is unusable for the same reason as at the previous read. The server
/// reads a file every few seconds, so only a change of the reason is logged.
fn is_repeated(error: &FetchError, outcome: &FetchOutcome) -> bool {
    let before = outcome.error_before.as_ref();
    error.is_about_file()
        && before.is_some_and(|before| {
            ErrorChain(&**before).to_string() == ErrorChain(error).to_string()
        })
}
