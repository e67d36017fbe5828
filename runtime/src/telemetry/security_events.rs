//! Emits the events of back-channel logouts and of security events.

use super::{EventOutcome, TARGET, instruments};

/// The longest text that is logged of the type of an event.
const TYPE_LENGTH: usize = 128;

/// Records that an issuer ended a session, or the sessions of a user.
pub(crate) fn backchannel_logout(issuer: &str, outcome: EventOutcome) {
    instruments::security_event("backchannel_logout", outcome);
    tracing::info!(
        name: "axum_protected.backchannel_logout.completed",
        target: TARGET,
        issuer,
        result = outcome.name(),
        "an issuer ended sessions, and their access tokens are revoked"
    );
}

/// Records that a back-channel logout revoked no token, or not in all instances. `issuer` is `unknown`
/// if the logout names no configured one. `repetitions` is the number of its logouts that failed for the
/// same reason since the last event. Without it, the logout is counted and not logged.
pub(crate) fn backchannel_logout_failed(
    issuer: &str,
    outcome: EventOutcome,
    reason: &str,
    repetitions: Option<u64>,
) {
    instruments::security_event("backchannel_logout", outcome);
    let Some(repetitions) = repetitions else { return };
    tracing::warn!(
        name: "axum_protected.backchannel_logout.failed",
        target: TARGET,
        issuer,
        result = outcome.name(),
        reason,
        repetitions,
        "a back-channel logout failed"
    );
}

/// Records that a security event was accepted.
pub(crate) fn security_event(transmitter: &str, event_type: &str, outcome: EventOutcome) {
    instruments::security_event("security_event", outcome);
    tracing::info!(
        name: "axum_protected.security_event.accepted",
        target: TARGET,
        transmitter,
        event_type = escaped(event_type),
        result = outcome.name(),
        "a security event was accepted"
    );
}

/// Records that an accepted event should revoke tokens, and that tokens do not show its subject.
pub(crate) fn security_event_without_target(transmitter: &str, event_type: &str) {
    tracing::warn!(
        name: "axum_protected.security_event.without_target",
        target: TARGET,
        transmitter,
        event_type = escaped(event_type),
        "a security event revoked no token, because no token shows its subject: see \
         `further_revocations`"
    );
}

/// Records that an accepted event has a type that the server does not know, once for each
/// transmitter.
pub(crate) fn security_event_unknown(transmitter: &str, event_type: &str) {
    tracing::warn!(
        name: "axum_protected.security_event.unknown",
        target: TARGET,
        transmitter,
        event_type = escaped(event_type),
        "security events of this type have no effect; further unknown types are not logged"
    );
}

/// Records that a security event was not accepted. `transmitter` is `unknown` if the event names no
/// configured one. `repetitions` is the number of its events that were not accepted for the same reason
/// since the last event of the log. Without it, the event is counted and not logged.
pub(crate) fn security_event_refused(
    transmitter: &str,
    outcome: EventOutcome,
    reason: &str,
    repetitions: Option<u64>,
) {
    instruments::security_event("security_event", outcome);
    let Some(repetitions) = repetitions else { return };
    tracing::warn!(
        name: "axum_protected.security_event.refused",
        target: TARGET,
        transmitter,
        result = outcome.name(),
        reason,
        repetitions,
        "a security event was not accepted"
    );
}

/// Returns the beginning of a text from outside, without characters that change a line of a log.
fn escaped(text: &str) -> String {
    text.chars().take(TYPE_LENGTH).flat_map(char::escape_debug).collect()
}
