//! Heartbeat of a task, for requests that wait for it on another runtime.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::lock::lock;

/// Interval of heartbeats during a fetch.
const BEAT: Duration = Duration::from_secs(1);

/// After this time without a heartbeat, a task that was woken is on a runtime that is not driven.
const SILENCE: Duration = Duration::from_secs(5);

/// Time of the last heartbeat.
#[derive(Debug)]
pub(super) struct Pulse(Mutex<Instant>);

impl Pulse {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Instant::now()))
    }

    /// Records a heartbeat. The task calls it whenever it is polled.
    pub(super) fn beat(&self) {
        *lock(&self.0) = Instant::now();
    }

    /// Returns true if a task that was woken at least [`SILENCE`] ago has not been polled since.
    pub(super) fn is_silent(&self) -> bool {
        lock(&self.0).elapsed() >= SILENCE
    }

    /// Runs the future with heartbeats. Without them, a future that waits for the network may not be
    /// polled for longer than [`SILENCE`].
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
    async fn a_future_that_takes_long_keeps_the_heartbeat() {
        let pulse = Pulse::new();
        let long = pulse.during(sleep(Duration::from_secs(60)));
        let observer = async {
            for _ in 0..590 {
                sleep(Duration::from_millis(100)).await;
                assert!(!pulse.is_silent());
            }
        };
        tokio::join!(long, observer);
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
