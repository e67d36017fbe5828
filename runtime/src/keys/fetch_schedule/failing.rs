//! Retries of failed fetches, with exponential backoff.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use tokio::time::Instant;

/// Shortest and longest delay between two attempts while fetches fail.
pub(super) const RETRY: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// State of the retries after one or more failed fetches.
#[derive(Debug)]
pub(super) struct Failing {
    pub(super) retry_at: Instant,
    delays: ExponentialBackoff,
}

impl Failing {
    /// Returns the state after a fetch that failed at the time `now`. `earlier` is the state before
    /// it, if the fetch before failed too. Otherwise `seed` determines the jitter of the retries.
    pub(super) fn after(earlier: Option<Self>, now: Instant, seed: u64) -> Self {
        let mut delays = earlier.map_or_else(|| delays(seed), |earlier| earlier.delays);
        let delay = delays.next().unwrap_or(RETRY.1).min(RETRY.1);
        Self { retry_at: now + delay, delays }
    }
}

fn delays(seed: u64) -> ExponentialBackoff {
    let (least, most) = RETRY;
    ExponentialBuilder::new()
        .with_min_delay(least)
        .with_max_delay(most)
        .with_jitter()
        .with_jitter_seed(seed)
        .without_max_times()
        .build()
}
