//! The bounds that the guide's page on keys states, written out once more: what is judged is not asked.

use std::time::Duration;

use super::log::{Answer, Moment};

pub(super) const PATIENCE: Duration = Duration::from_secs(5);
pub(super) const COOL_DOWN: Duration = Duration::from_secs(10);
pub(super) const OUTAGE: Duration = Duration::from_hours(10);
pub(super) const LONGEST_RETRY: Duration = Duration::from_mins(1);
pub(super) const LONGEST_LIFETIME: Duration = Duration::from_hours(24);
/// A timer goes off within a millisecond after its time.
pub(super) const TICK: Duration = Duration::from_millis(2);

/// Until when an answer must be used, and until when it may be.
pub(super) fn kept(arrival: Moment, answer: &Answer) -> (Moment, Moment) {
    let (from, to) = refresh(arrival, answer.lifetime);
    (from + OUTAGE, to + OUTAGE)
}

/// When the next fetch is due: from, to.
pub(super) fn refresh(arrival: Moment, lifetime: Option<Duration>) -> (Moment, Moment) {
    let lifetime = lifetime.unwrap_or(Duration::from_hours(1));
    let lifetime = lifetime.clamp(Duration::from_mins(5), LONGEST_LIFETIME);
    (arrival + lifetime * 7 / 10, arrival + lifetime * 8 / 10)
}
