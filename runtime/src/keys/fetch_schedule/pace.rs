//! Times between the fetches of an issuer's keys, and the time for which keys remain usable.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use tokio::time::Instant;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// Shortest and longest lifetime of a document. A lifetime that a response states is clamped to
/// these bounds.
pub(crate) const LIFETIME: (Duration, Duration) =
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
/// between them that asks only for the key set never schedules the next refresh after `d`. The keys
/// therefore never remain in use after `d + OUTAGE`. A fetch whose metadata fails is retried like a
/// failed fetch and does not extend the use of the keys. In each case the keys of the old
/// `jwks_uri` are used until `d` if the metadata can be fetched then, and until `d + OUTAGE` if it
/// cannot.
pub(crate) const OUTAGE: Duration = Duration::from_secs(10 * HOUR);
/// Shortest and longest delay between two attempts while fetches fail.
pub(crate) const RETRY: (Duration, Duration) =
    (Duration::from_secs(1), Duration::from_secs(MINUTE));

/// Longest time between two reads of a key file.
const FILE: Duration = Duration::from_secs(10);

/// Kind of source that determines the times of a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Source on the network, whose responses state their lifetime.
    Network,
    /// File on this machine. Its keys do not expire, even if the file can no longer be read.
    File,
}

impl Pace {
    /// Returns the time from a successful fetch to the next scheduled fetch. `jitter` is between 0
    /// and 1.
    pub(super) fn refresh_after(self, lifetime: Option<Duration>, jitter: f64) -> Duration {
        match self {
            Self::File => FILE,
            Self::Network => {
                let (least, most) = LIFETIME;
                let lifetime = lifetime.unwrap_or(DEFAULT_LIFETIME).clamp(least, most);
                lifetime.mul_f64(0.8 - 0.1 * jitter.clamp(0.0, 1.0))
            }
        }
    }

    /// Returns the time until which keys may be used if all fetches from `refresh_at` on fail.
    /// Returns `None` without a limit.
    pub(super) fn keep_until(self, refresh_at: Instant) -> Option<Instant> {
        match self {
            Self::File => None,
            Self::Network => Some(refresh_at + OUTAGE),
        }
    }

    /// Returns the longest delay between two attempts while fetches fail.
    pub(super) fn longest_retry(self) -> Duration {
        match self {
            Self::File => FILE,
            Self::Network => RETRY.1,
        }
    }

    /// Returns the delays between the attempts while fetches fail. `seed` determines their jitter.
    pub(super) fn delays(self, seed: u64) -> ExponentialBackoff {
        ExponentialBuilder::new()
            .with_min_delay(RETRY.0)
            .with_max_delay(self.longest_retry())
            .with_jitter()
            .with_jitter_seed(seed)
            .without_max_times()
            .build()
    }
}
