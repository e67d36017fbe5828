//! Emits the event of a misspelt environment variable.

use super::TARGET;

/// Warns about an environment variable whose name looks like a typing error of a known name.
pub(crate) fn variable_misspelt(variable: &str, known: &'static str) {
    tracing::warn!(
        name: "axum_protected.environment.misspelling",
        target: TARGET,
        variable = variable.escape_debug().to_string(),
        known,
        "an environment variable is ignored: its name looks like a typing error"
    );
}
