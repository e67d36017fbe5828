//! The look-ups that run or wait.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::bucket::Bucket;
use super::digest::KeyDigest;
use super::forgotten::Forgotten;
use super::standing::KeyFault;

/// The number of look-ups that may run or wait for keys that were never found.
const WAITING_LIMIT: usize = 1024;

/// The shortest time between two warnings about the number of look-ups.
const WARNING_INTERVAL: Duration = Duration::from_secs(60);

/// The time for which a failed look-up of a key is not repeated.
pub(super) const FAILURE_PERIOD: Duration = Duration::from_secs(1);

/// The number of the next look-up. The number is common to all servers, because a server may judge
/// a key that another server verified.
static NEXT_NUMBER: AtomicU64 = AtomicU64::new(1);

/// The result of a look-up: an identity, or the reason why there is none. `None` if the key was
/// forgotten in the meantime.
pub(super) type Landing<I> = Option<Result<I, KeyFault>>;

/// Receives the result of a look-up. The value is `None` until the look-up has ended.
pub(super) type Landed<I> = watch::Receiver<Option<Landing<I>>>;

/// The look-ups that run or wait.
pub(super) struct Flights<I> {
    pub(super) running: HashMap<KeyDigest, Flight<I>>,
    /// The number of them whose key was never found.
    of_new_keys: usize,
    bucket: Bucket,
    forgotten: Forgotten,
    last_error: Option<String>,
    warned_of_load: Option<Instant>,
}

/// A look-up of a key. Only the look-up with this number may end it.
pub(super) struct Flight<I> {
    pub(super) number: u64,
    /// True if the key was never found.
    pub(super) is_new: bool,
    pub(super) landed: Landed<I>,
}

impl<I> Flights<I> {
    pub(super) fn new(unknown_rate: u32) -> Self {
        Self {
            running: HashMap::new(),
            of_new_keys: 0,
            bucket: Bucket::new(unknown_rate),
            forgotten: Forgotten::default(),
            last_error: None,
            warned_of_load: None,
        }
    }

    /// Returns the number of a new look-up.
    pub(super) fn next_number() -> u64 {
        NEXT_NUMBER.fetch_add(1, Ordering::Relaxed)
    }

    /// Returns the running look-up of this key, if it has this number.
    pub(super) fn numbered(&self, digest: &KeyDigest, number: u64) -> Option<&Flight<I>> {
        self.running.get(digest).filter(|flight| flight.number == number)
    }

    /// Ends a look-up that found a key. It does not count as a look-up of an unknown key.
    pub(super) fn give_back(&mut self) {
        self.bucket.give_back();
    }

    /// Forgets a key: its running look-up, and all earlier ones. Returns the number up to which the
    /// look-ups of all keys are forgotten.
    pub(super) fn forget(&mut self, digest: &KeyDigest) -> u64 {
        self.remove(digest);
        self.forgotten.add(*digest, Self::next_number())
    }

    /// Returns true if the key was forgotten after the look-up with this number.
    pub(super) fn has_forgotten(&self, digest: &KeyDigest, number: u64) -> bool {
        self.forgotten.includes(digest, number)
    }

    /// Admits the look-up of a key that was never found. Returns false if there are too many of
    /// them.
    pub(super) fn admits_new_key(&mut self, now: Instant) -> bool {
        let admits = self.of_new_keys < WAITING_LIMIT && self.bucket.take(now);
        if admits {
            self.of_new_keys = self.of_new_keys.saturating_add(1);
        }
        admits
    }

    /// Returns true if a warning about too many look-ups is due.
    pub(super) fn needs_warning(&mut self, now: Instant) -> bool {
        let is_recent = |time: Instant| now.duration_since(time) < WARNING_INTERVAL;
        let is_due = !self.warned_of_load.is_some_and(is_recent);
        if is_due {
            self.warned_of_load = Some(now);
        }
        is_due
    }

    pub(super) fn remove(&mut self, digest: &KeyDigest) {
        if self.running.remove(digest).is_some_and(|flight| flight.is_new) {
            self.of_new_keys = self.of_new_keys.saturating_sub(1);
        }
    }

    /// Records the error of a look-up, or its success. Returns true if the error is not the error of
    /// the look-up before.
    pub(super) fn is_new_error(&mut self, error: Option<&String>) -> bool {
        let is_new = error.is_some() && self.last_error.as_ref() != error;
        self.last_error = error.cloned();
        is_new
    }
}

pub(super) fn unavailable(cause: &str) -> KeyFault {
    KeyFault::Unavailable { cause: cause.into(), retry_after: FAILURE_PERIOD }
}
