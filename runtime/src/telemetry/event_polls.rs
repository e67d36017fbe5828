//! Emits the events and spans of the polls for security events.

use tracing::Span;

use super::{TARGET, instruments};

/// Creates the tracing span of a poll request and of the events that it brings.
pub(crate) fn event_poll(transmitter: &str) -> Span {
    tracing::debug_span!(target: TARGET, "axum_protected.security_event.poll", transmitter)
}

/// Records an answer to a poll request.
pub(crate) fn events_polled(transmitter: &str, accepted: usize, refused: usize, has_more: bool) {
    tracing::debug!(
        name: "axum_protected.security_event.polled",
        target: TARGET,
        transmitter,
        accepted,
        refused,
        has_more,
        "the transmitter was polled"
    );
    instruments::event_polled(transmitter, true);
}

/// Records a poll request without a usable answer, or an event that the transmitter must send again. A
/// repeated error is counted and not logged.
pub(crate) fn event_poll_failed(transmitter: &str, error: &str, is_repeated: bool) {
    if !is_repeated {
        tracing::warn!(
            name: "axum_protected.security_event.poll_failed",
            target: TARGET,
            transmitter,
            error,
            "security events could not be fetched or accepted"
        );
    }
    instruments::event_polled(transmitter, false);
}

/// Records that the poll endpoint does not accept the credentials of this server. A repeated error is
/// counted and not logged.
pub(crate) fn event_poll_refused(transmitter: &str, error: &str, is_repeated: bool) {
    if !is_repeated {
        tracing::error!(
            name: "axum_protected.security_event.poll_refused",
            target: TARGET,
            transmitter,
            error,
            "the poll endpoint does not accept the credentials of this server: check \
             `poll_bearer_file` or `poll_authorization`"
        );
    }
    instruments::event_polled(transmitter, false);
}
