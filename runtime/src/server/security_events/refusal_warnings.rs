//! Limits the warnings about logouts and events that were not accepted.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hash};
use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

use super::logout_error::LogoutError;
use crate::lock::lock;
use crate::security_event::EventError;
use crate::server::ResourceServer;
use crate::telemetry::{self, EventOutcome};

/// Shortest time between two warnings about one cause.
const INTERVAL: Duration = Duration::from_secs(60);

/// Largest number of causes with a warning in one interval. The rules that a sender can break are
/// fewer. Further causes have no warning.
const CAUSES: usize = 1024;

/// Name in the log for the sender of a logout or an event that names no configured sender.
pub(crate) const UNKNOWN_SENDER: &str = "unknown";

/// The causes of the last warnings.
///
/// Anybody who reaches a receiver can cause refusals. A warning for each of them would fill the log,
/// and none would hide an issuer or a receiver with wrong settings.
#[derive(Debug, Default)]
pub(in crate::server) struct RefusalWarnings {
    hasher: RandomState,
    /// The causes by their hash, so that no text of any length is kept.
    causes: Mutex<HashMap<u64, Warned>>,
}

/// The last warning about a cause.
#[derive(Debug)]
struct Warned {
    time: Instant,
    /// The number of refusals for this cause since then.
    repetitions: u64,
}

impl RefusalWarnings {
    /// Records a refusal. If a warning about its cause is due, returns the number of refusals for the
    /// same cause since the warning before.
    fn record(&self, cause: impl Hash, now: Instant) -> Option<u64> {
        let cause = self.hasher.hash_one(cause);
        let mut causes = lock(&self.causes);
        if let Some(warned) = causes.get_mut(&cause) {
            if now.saturating_duration_since(warned.time) < INTERVAL {
                warned.repetitions = warned.repetitions.saturating_add(1);
                return None;
            }
            warned.time = now;
            return Some(std::mem::take(&mut warned.repetitions));
        }
        if causes.len() >= CAUSES {
            causes.retain(|_, warned| now.saturating_duration_since(warned.time) < INTERVAL);
            if causes.len() >= CAUSES {
                return None;
            }
        }
        causes.insert(cause, Warned { time: now, repetitions: 0 });
        Some(0)
    }
}

impl ResourceServer {
    /// Records that a logout was not accepted. `issuer` is the name that the log shows.
    pub(crate) fn record_refused_logout(&self, issuer: &str, error: &LogoutError) {
        let (outcome, reason) = match error {
            LogoutError::Invalid(rule) => (EventOutcome::Refused, rule),
            LogoutError::Unavailable(cause) => (EventOutcome::Unavailable, cause),
        };
        let cause = ("logout", issuer, reason);
        let repetitions = self.refusal_warnings().record(cause, Instant::now());
        telemetry::backchannel_logout_failed(issuer, outcome, reason, repetitions);
    }

    /// Records that an event was not accepted. `transmitter` is the name that the log shows.
    pub(crate) fn record_refused_event(&self, transmitter: &str, error: &EventError) {
        let outcome = match error {
            EventError::Refused { .. } => EventOutcome::Refused,
            EventError::Unavailable { .. } => EventOutcome::Unavailable,
        };
        let reason = error.to_string();
        let cause = ("event", transmitter, &reason);
        let repetitions = self.refusal_warnings().record(cause, Instant::now());
        telemetry::security_event_refused(transmitter, outcome, &reason, repetitions);
    }

    fn refusal_warnings(&self) -> &RefusalWarnings {
        &self.inner().security_events.warnings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_has_a_warning_in_a_minute_with_the_number_of_its_repetitions() {
        let (warnings, start) = (RefusalWarnings::default(), Instant::now());
        for (sender, reason, seconds, expected) in [
            ("a", "x", 0, Some(0)),
            ("a", "x", 0, None),
            ("a", "x", 59, None),
            ("b", "x", 59, Some(0)),
            ("a", "y", 59, Some(0)),
            ("a", "x", 60, Some(2)),
            ("a", "x", 61, None),
            ("a", "x", 500, Some(1)),
            ("a", "x", 560, Some(0)),
            // A clock that steps back does not cause a warning.
            ("a", "x", 0, None),
        ] {
            let now = start + Duration::from_secs(seconds);
            assert_eq!(
                warnings.record((sender, reason), now),
                expected,
                "{sender} {reason} {now:?}"
            );
        }
    }

    #[test]
    fn the_causes_are_bounded() {
        let (warnings, start) = (RefusalWarnings::default(), Instant::now());
        let number = |now: Instant| {
            let causes = (0..CAUSES * 3).map(|cause| cause.to_string());
            causes.filter(|reason| warnings.record(reason, now).is_some()).count()
        };
        assert_eq!(number(start), CAUSES);
        assert_eq!(number(start + INTERVAL / 2), 0);
        assert_eq!(lock(&warnings.causes).len(), CAUSES);
        // The causes of the first interval, and no others before the next one.
        assert_eq!(number(start + INTERVAL), CAUSES);
        assert_eq!(warnings.record("new", start + INTERVAL), None);
        assert_eq!(warnings.record("new", start + INTERVAL * 2), Some(0));
    }
}
