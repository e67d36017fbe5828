//! The bounds that the guide's page on keys states. This file repeats the bounds as numbers, so
//! that the tests do not take the bounds from the code under test.

use std::time::Duration;

use super::log::{Answer, Moment};

pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// The number of fetches that requests may cause together, and the time after which they may cause
/// one more.
pub(super) const RESERVE: u32 = 5;
pub(super) const GAIN: Duration = Duration::from_secs(10);
pub(super) const OUTAGE: Duration = Duration::from_hours(10);
pub(super) const LONGEST_RETRY: Duration = Duration::from_mins(1);
pub(super) const LONGEST_LIFETIME: Duration = Duration::from_hours(24);
/// The tolerance for timers, which fire up to a millisecond late.
pub(super) const TICK: Duration = Duration::from_millis(2);

/// Returns the moment until which the server must use the keys of an `Answer`, and the moment until
/// which it may use these keys.
pub(super) fn usable_until(arrival: Moment, answer: &Answer) -> (Moment, Moment) {
    let (from, to) = refresh(arrival, answer.lifetime);
    (from + OUTAGE, to + OUTAGE)
}

/// Returns the earliest and the latest moment for the next scheduled fetch.
pub(super) fn refresh(arrival: Moment, stated_lifetime: Option<Duration>) -> (Moment, Moment) {
    let lifetime = stated_lifetime
        .unwrap_or(Duration::from_hours(1))
        .clamp(Duration::from_mins(5), LONGEST_LIFETIME);
    (arrival + lifetime * 7 / 10, arrival + lifetime * 8 / 10)
}
