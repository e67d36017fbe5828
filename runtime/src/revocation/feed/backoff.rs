//! The pauses after calls of the log that failed.

use std::time::Duration;

use fastrand::Rng;

/// First pause in milliseconds.
const FIRST: u64 = 100;

/// Longest pause in milliseconds.
const LONGEST: u64 = 1000;

/// Pauses in whole milliseconds that double with each failure.
#[derive(Debug, Default)]
pub(super) struct Backoff(u32);

impl Backoff {
    /// Returns the pause after a failure. It is up to a quarter shorter than the full pause, so that
    /// instances do not call together.
    pub(super) fn pause(&mut self, rng: &mut Rng) -> Duration {
        let factor = 2_u64.saturating_pow(self.0);
        self.0 = self.0.saturating_add(1).min(16);
        let full = FIRST.saturating_mul(factor).min(LONGEST);
        Duration::from_millis(rng.u64(full.saturating_sub(full / 4)..=full))
    }

    /// Records a success.
    pub(super) fn reset(&mut self) {
        self.0 = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pauses_double_up_to_a_second() {
        let (mut backoff, mut rng) = (Backoff::default(), Rng::with_seed(7));
        for full in [100, 200, 400, 800, 1000, 1000].into_iter().chain([1000; 100]) {
            let pause = backoff.pause(&mut rng).as_millis();
            assert!((full * 3 / 4..=full).contains(&pause), "{pause} of {full}");
        }
        backoff.reset();
        assert!(backoff.pause(&mut rng).as_millis() <= 100);
    }
}
