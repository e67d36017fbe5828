//! The wall clock of one server, which runs with the clock of the tokio runtime.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum_protected::clock::Clock;
use tokio::time::Instant;

/// The time at which each clock begins, in seconds since the Unix epoch.
pub(crate) const BEGINNING: u64 = 2_000_000_000;

/// A wall clock that a test can set wrong. Clones share the time.
#[derive(Debug, Clone)]
pub(crate) struct SkewedClock(Arc<Mutex<Reading>>);

#[derive(Debug)]
struct Reading {
    began: Instant,
    /// The error of the clock, in milliseconds.
    ahead: i64,
    /// The time that a stopped process has seen last.
    stopped_at: Option<SystemTime>,
}

impl SkewedClock {
    pub(crate) fn start() -> Self {
        Self(Arc::new(Mutex::new(Reading { began: Instant::now(), ahead: 0, stopped_at: None })))
    }

    pub(crate) fn set_ahead(&self, milliseconds: i64) {
        self.0.lock().unwrap().ahead = milliseconds;
    }

    /// Stops the clock, as a stopped process does not see the time.
    pub(crate) fn stop(&self) {
        let mut reading = self.0.lock().unwrap();
        reading.stopped_at = Some(reading.now());
    }

    pub(crate) fn go_on(&self) {
        self.0.lock().unwrap().stopped_at = None;
    }
}

impl Reading {
    fn now(&self) -> SystemTime {
        let by = Duration::from_millis(self.ahead.unsigned_abs());
        let right = UNIX_EPOCH + Duration::from_secs(BEGINNING) + self.began.elapsed();
        let running = if self.ahead < 0 { right - by } else { right + by };
        self.stopped_at.unwrap_or(running)
    }
}

impl Clock for SkewedClock {
    fn now(&self) -> SystemTime {
        self.0.lock().unwrap().now()
    }
}
