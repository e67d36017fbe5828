//! The last sign of life of a task, for those who wait for it on another runtime.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::lock::lock;

/// Between two signs of life during a fetch, on a runtime that is driven.
const BEAT: Duration = Duration::from_secs(1);

/// After this time without one, although there was something to do, the runtime is not driven.
const SILENCE: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Pulse(Mutex<Instant>);

impl Pulse {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Instant::now()))
    }

    /// Called by the task whenever it is polled.
    pub(super) fn beat(&self) {
        *lock(&self.0) = Instant::now();
    }

    /// Whether a task that was woken at least [`SILENCE`] ago has not been polled since.
    pub(super) fn is_silent(&self) -> bool {
        lock(&self.0).elapsed() >= SILENCE
    }

    /// Runs the future, and beats meanwhile: what waits for a network may not be polled for longer
    /// than [`SILENCE`] otherwise.
    pub(super) async fn during<F: Future>(&self, future: F) -> F::Output {
        let mut future = std::pin::pin!(future);
        loop {
            self.beat();
            if let Ok(output) = timeout(BEAT, future.as_mut()).await {
                return output;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{advance, sleep};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_future_that_takes_long_is_no_silence() {
        let pulse = Pulse::new();
        let long = pulse.during(sleep(Duration::from_secs(60)));
        let looking = async {
            for _ in 0..590 {
                sleep(Duration::from_millis(100)).await;
                assert!(!pulse.is_silent());
            }
        };
        tokio::join!(long, looking);
    }

    #[tokio::test(start_paused = true)]
    async fn silence_begins_five_seconds_after_the_last_beat() {
        let pulse = Pulse::new();
        for _ in 0..2 {
            advance(Duration::from_millis(4999)).await;
            assert!(!pulse.is_silent());
            pulse.beat();
        }
        advance(SILENCE).await;
        assert!(pulse.is_silent());
    }
}
