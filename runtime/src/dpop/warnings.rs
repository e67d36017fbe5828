//! Limits the warnings about a memory of used proofs that is full or does not answer.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::replays::FirstUse;
use crate::error::{Fault, RefusalKind, TokenError};
use crate::telemetry;

const INTERVAL: Duration = Duration::from_secs(60);

/// The time of the last warning about each cause.
#[derive(Debug, Default)]
pub(super) struct Warnings(Mutex<Vec<(Fault, Instant)>>);

impl Warnings {
    /// Warns if the proof was refused because of the memory, or accepted without the store, at most
    /// once in a minute about each cause: the event of a refused request does not show that valid
    /// clients are refused.
    pub(super) fn note(&self, outcome: &Result<FirstUse, TokenError>) {
        match outcome {
            Ok(FirstUse::Here(error)) => self.warn(error, telemetry::proofs_judged_locally),
            Err(error) if error.kind() == RefusalKind::ProofsUnavailable => {
                self.warn(error, telemetry::proofs_unavailable);
            }
            Ok(FirstUse::Everywhere) | Err(_) => {}
        }
    }

    fn warn(&self, error: &TokenError, event: fn(&TokenError)) {
        if error.fault().is_some_and(|cause| self.is_due(cause, Instant::now())) {
            event(error);
        }
    }

    fn is_due(&self, cause: Fault, now: Instant) -> bool {
        let mut warnings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent = warnings.iter().any(|(warned, time)| {
            *warned == cause && now.saturating_duration_since(*time) < INTERVAL
        });
        if !is_recent {
            warnings.retain(|(warned, _)| *warned != cause);
            warnings.push((cause, now));
        }
        !is_recent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_has_a_warning_in_a_minute() {
        let (warnings, start) = (Warnings::default(), Instant::now());
        for (cause, seconds, expected) in [
            (Fault::ProofsFull, 0, true),
            (Fault::ProofsFull, 59, false),
            (Fault::ProofStoreFailed, 59, true),
            (Fault::ProofsFull, 60, true),
            (Fault::ProofStoreFailed, 61, false),
            (Fault::ProofsFull, 119, false),
        ] {
            let now = start + Duration::from_secs(seconds);
            assert_eq!(warnings.is_due(cause, now), expected, "{cause:?} {seconds}");
        }
    }
}
