//! Retries of failed fetches, with exponential backoff.

use backon::ExponentialBackoff;
use tokio::time::Instant;

use crate::keys::pace::Pace;

/// State of the retries after one or more failed fetches.
#[derive(Debug)]
pub(super) struct Failing {
    pub(super) retry_at: Instant,
    delays: ExponentialBackoff,
}

impl Failing {
    /// Returns the state after a fetch that failed at the time `now`. `earlier` is the state before
    /// it, if the fetch before failed too. Otherwise `seed` determines the jitter of the retries.
    pub(super) fn after(earlier: Option<Self>, now: Instant, pace: Pace, seed: u64) -> Self {
        let mut delays = earlier.map_or_else(|| pace.delays(seed), |earlier| earlier.delays);
        let longest = pace.longest_retry();
        let delay = delays.next().unwrap_or(longest).min(longest);
        Self { retry_at: now + delay, delays }
    }
}
