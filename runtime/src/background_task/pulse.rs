//! Heartbeat of a background task. By the heartbeat, requests on another tokio runtime detect that
//! no thread drives the tokio runtime of the task.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::{Instant, timeout};

use crate::lock::lock;

/// Interval between two heartbeats during a call.
const BEAT: Duration = Duration::from_secs(1);

/// Longest accepted time between waking the task and its next heartbeat. If the time is longer, no
/// thread drives the tokio runtime of the task.
const SILENCE: Duration = Duration::from_secs(5);

/// Time of the last heartbeat of a task.
#[derive(Debug)]
pub(crate) struct Pulse(Mutex<Instant>);

impl Pulse {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Instant::now()))
    }

    /// Records a heartbeat. The task calls this function whenever it is polled.
    pub(crate) fn beat(&self) {
        *lock(&self.0) = Instant::now();
    }

    /// Returns true if the last heartbeat was at least [`SILENCE`] ago.
    pub(crate) fn is_silent(&self) -> bool {
        lock(&self.0).elapsed() >= SILENCE
    }

    /// Runs the future and records a heartbeat every [`BEAT`]. Without these heartbeats, a task that
    /// waits for the network could not be distinguished from a task that is not polled.
    pub(crate) async fn during<F: Future>(&self, future: F) -> F::Output {
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
