//! Times that follow from a fetched key set: its next refresh and its end.

use std::time::Duration;

use tokio::time::Instant;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// Shortest and longest lifetime of a document. A lifetime that a response states is clamped to
/// these bounds.
const LIFETIME: (Duration, Duration) =
    (Duration::from_secs(5 * MINUTE), Duration::from_secs(24 * HOUR));
/// Lifetime of a document whose response does not state a lifetime.
pub(crate) const DEFAULT_LIFETIME: Duration = Duration::from_secs(HOUR);
/// Time for which keys remain usable after the scheduled refresh if all fetches fail.
///
/// If an issuer withdraws a key right after a fetch, the next refresh removes the key after at most
/// four fifths of the lifetime, so within 19.2 h. If the issuer cannot be reached, the server stops
/// using the key at most `OUTAGE` after the scheduled refresh, so within 29.2 h.
///
/// The same bounds hold if the issuer moves its key set to another `jwks_uri` and withdraws a key
/// only there. Let `d` be the refresh that a complete fetch schedules, at most 19.2 h later. A
/// complete fetch asks for the metadata and the key set, and a refresh is a complete fetch. A fetch
/// between the two that asks for the key set only never schedules the next refresh after `d`, so it
/// never lets keys serve after `d + OUTAGE`. A fetch whose metadata fails is retried like a failed
/// fetch and lets no keys serve longer. In each case the keys of the old `jwks_uri` serve until `d`
/// if the metadata can be fetched then, and until `d + OUTAGE` if it cannot.
pub(super) const OUTAGE: Duration = Duration::from_secs(10 * HOUR);
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
    pub(super) keep_until: Instant,
}

impl HeldTimes {
    /// Returns the times of a configured key set, as if its lifetime had passed at the time `now`.
    pub(super) fn of_seed(now: Instant) -> Self {
        Self { loaded_at: now, refresh_at: now, metadata_due: now, keep_until: now + OUTAGE }
    }

    /// Returns the times after a successful fetch. `jitter` is between 0 and 1 and spreads the
    /// refreshes of many servers over time.
    pub(super) fn after(
        earlier: Option<Self>,
        now: Instant,
        lifetime: Option<Duration>,
        extent: Extent,
        jitter: f64,
    ) -> Self {
        let (least, most) = LIFETIME;
        let lifetime = lifetime.unwrap_or(DEFAULT_LIFETIME).clamp(least, most);
        let own_refresh = now + lifetime.mul_f64(0.8 - 0.1 * jitter.clamp(0.0, 1.0));
        let metadata_due = match extent {
            Extent::Complete => own_refresh,
            Extent::SetOnly => earlier.map_or(now, |earlier| earlier.metadata_due),
        };
        let refresh_at = own_refresh.min(metadata_due);
        Self { loaded_at: now, refresh_at, metadata_due, keep_until: refresh_at + OUTAGE }
    }
}
