//! The bounds that the guide's page on keys states. This file repeats the bounds as numbers, so
//! that the tests do not take the bounds from the code under test.

use std::time::Duration;

use super::log::{Answer, MetadataExchange, Moment};

pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// The number of fetches that requests may cause together, and the time after which they may cause
/// one more.
pub(super) const RESERVE: u32 = 5;
pub(super) const GAIN: Duration = Duration::from_secs(10);
pub(super) const OUTAGE: Duration = Duration::from_hours(10);
pub(super) const LONGEST_RETRY: Duration = Duration::from_mins(1);
/// The time after which the server refuses a withdrawn key if all fetches succeed. In an outage,
/// `OUTAGE` is added.
pub(super) const LONGEST_REFRESH: Duration = Duration::from_hours(20);
/// The tolerance for timers, which fire up to a millisecond late.
pub(super) const TICK: Duration = Duration::from_millis(2);

/// The earliest and the latest moment.
pub(super) type Range = (Moment, Moment);

/// The moments that follow from the last answers of an issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Times {
    /// The next scheduled fetch if this fetch was not followed by retries.
    pub(super) refresh: Range,
    /// The scheduled fetch that revalidates the metadata at the latest.
    metadata_due: Range,
    /// The end of the keys: the server must use them until the first moment and may use them until
    /// the second one.
    pub(super) usable: Range,
}

impl Times {
    /// Returns the times after an answer that arrived at the moment `arrival`.
    pub(super) fn after(earlier: Option<Self>, arrival: Moment, answer: &Answer) -> Self {
        let own = refresh(arrival, answer.lifetime);
        // Keys from an earlier location without a complete fetch before must not be used at all.
        let earlier = earlier.unwrap_or(Self {
            refresh: (arrival, arrival),
            metadata_due: (arrival, arrival),
            usable: (Moment::ZERO, Moment::ZERO),
        });
        let (refresh, metadata_due) = match answer.metadata {
            MetadataExchange::Valid(_) => (own, own),
            MetadataExchange::None => {
                let due = earlier.metadata_due;
                ((own.0.min(due.0), own.1.min(due.1)), due)
            }
            MetadataExchange::Failed => return earlier,
        };
        Self { refresh, metadata_due, usable: (refresh.0 + OUTAGE, refresh.1 + OUTAGE) }
    }
}

fn refresh(arrival: Moment, stated_lifetime: Option<Duration>) -> Range {
    let lifetime = stated_lifetime
        .unwrap_or(Duration::from_hours(1))
        .clamp(Duration::from_mins(5), Duration::from_hours(24));
    (arrival + lifetime * 7 / 10, arrival + lifetime * 8 / 10)
}
