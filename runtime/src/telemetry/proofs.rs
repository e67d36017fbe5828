//! Emits the events of DPoP proofs.

use super::TARGET;
use crate::error::TokenError;

/// Records that valid proofs are refused because they cannot be remembered, at most once a minute for
/// each cause.
pub(crate) fn proofs_unavailable(error: &TokenError) {
    tracing::warn!(
        name: "axum_protected.dpop.proofs_unavailable",
        target: TARGET,
        rule = error.rule(),
        error = error.fetch_error(),
        "valid DPoP proofs are refused"
    );
}

/// Records that proofs are accepted although the store of used proofs does not answer, at most once a
/// minute.
pub(crate) fn proofs_judged_locally(error: &TokenError) {
    tracing::warn!(
        name: "axum_protected.dpop.proofs_judged_locally",
        target: TARGET,
        rule = error.rule(),
        error = error.fetch_error(),
        "DPoP proofs are accepted without the store: other processes may accept them again"
    );
}
