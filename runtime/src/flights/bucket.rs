//! A token bucket that limits the rate of questions about credentials that are not valid.

use tokio::time::Instant;

/// The seconds for which a bucket saves unused questions.
const BURST_SECONDS: f64 = 10.0;

pub(super) struct Bucket {
    rate: f64,
    left: f64,
    filled: Instant,
}

impl Bucket {
    pub(super) fn new(rate: u32) -> Self {
        let rate = f64::from(rate);
        Self { rate, left: rate * BURST_SECONDS, filled: Instant::now() }
    }

    /// Takes one question out of the bucket. Returns false if the bucket is empty.
    pub(super) fn take(&mut self, now: Instant) -> bool {
        let elapsed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.left = self.full().min(self.left + elapsed * self.rate);
        self.filled = now;
        let has_one = self.left >= 1.0;
        if has_one {
            self.left -= 1.0;
        }
        has_one
    }

    /// Gives back the question about a credential that was valid.
    pub(super) fn give_back(&mut self) {
        self.left = self.full().min(self.left + 1.0);
    }

    fn full(&self) -> f64 {
        self.rate * BURST_SECONDS
    }
}
