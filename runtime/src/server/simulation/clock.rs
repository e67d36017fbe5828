//! A wall clock that shows the time set by a schedule.

use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use crate::clock::Clock;

/// A wall clock that `World` sets. Clones share the same time.
#[derive(Debug, Clone)]
pub(super) struct WallClock(Arc<Mutex<SystemTime>>);

impl WallClock {
    pub(super) fn at(now: SystemTime) -> Self {
        Self(Arc::new(Mutex::new(now)))
    }

    pub(super) fn set(&self, now: SystemTime) {
        *self.0.lock().unwrap() = now;
    }
}

impl Clock for WallClock {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }
}
