//! Times that follow from a fetched key set: its next refresh and its end.

use std::time::Duration;

use tokio::time::Instant;

use crate::keys::pace::Pace;

/// Documents that a successful fetch asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// The key set, and the metadata that names its location, if there is any.
    Complete,
    /// Only the key set.
    SetOnly,
}

/// Times of the current key set.
#[derive(Debug, Clone, Copy)]
pub(super) struct HeldTimes {
    pub(super) loaded_at: Instant,
    pub(super) refresh_at: Instant,
    /// Time at which the metadata must be revalidated: the refresh that the last complete fetch
    /// scheduled.
    metadata_due: Instant,
    /// `None` if the keys do not expire.
    pub(super) keep_until: Option<Instant>,
}

impl HeldTimes {
    /// Returns the times of a configured key set, as if its lifetime had passed at the time `now`.
    pub(super) fn of_seed(now: Instant, pace: Pace) -> Self {
        Self {
            loaded_at: now,
            refresh_at: now,
            metadata_due: now,
            keep_until: pace.keep_until(now),
        }
    }

    /// Returns the times after a successful fetch at the time `now`, whose key set must be
    /// refreshed after the time `refresh_after`.
    pub(super) fn after(
        earlier: Option<Self>,
        now: Instant,
        refresh_after: Duration,
        extent: Extent,
        pace: Pace,
    ) -> Self {
        let own_refresh = now + refresh_after;
        let metadata_due = match extent {
            Extent::Complete => own_refresh,
            Extent::SetOnly => earlier.map_or(now, |earlier| earlier.metadata_due),
        };
        let refresh_at = own_refresh.min(metadata_due);
        Self { loaded_at: now, refresh_at, metadata_due, keep_until: pace.keep_until(refresh_at) }
    }
}
