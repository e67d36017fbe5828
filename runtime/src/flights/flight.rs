//! The questions that run or wait.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::bucket::Bucket;

/// The number of questions that may run or wait for credentials that were never valid.
const WAITING_LIMIT: usize = 1024;

/// The shortest time between two warnings about the number of questions, and between two events about
/// the same error.
const WARNING_INTERVAL: Duration = Duration::from_secs(60);

/// The number of the next question. The number is common to all servers, because a server may judge
/// a credential that another server verified.
static NEXT_NUMBER: AtomicU64 = AtomicU64::new(1);

/// Returns the number of a new question.
pub(crate) fn next_number() -> u64 {
    NEXT_NUMBER.fetch_add(1, Ordering::Relaxed)
}

/// Receives the result of a question. The value is `None` until the question has ended.
pub(crate) type FlightResult<R> = watch::Receiver<Option<R>>;

/// The questions that run or wait, by credential.
pub(crate) struct Flights<K, R> {
    by_key: HashMap<K, Flight<R>>,
    /// The number of them whose credential was never valid.
    of_unknown: usize,
    bucket: Bucket,
    last_error: Option<String>,
    /// The error that was logged last, and the time.
    last_logged: Option<(String, Instant)>,
    last_warning: Option<Instant>,
}

/// A question about one credential. Only the question with this number may end it.
pub(crate) struct Flight<R> {
    pub(crate) number: u64,
    /// True if the credential was never valid.
    pub(crate) is_unknown: bool,
    pub(crate) result: FlightResult<R>,
}

impl<K: Eq + Hash, R> Flights<K, R> {
    /// Creates an empty list that admits this number of questions per second about credentials that
    /// turn out not to be valid.
    pub(crate) fn new(unknown_rate: u32) -> Self {
        Self {
            by_key: HashMap::new(),
            of_unknown: 0,
            bucket: Bucket::new(unknown_rate),
            last_error: None,
            last_logged: None,
            last_warning: None,
        }
    }

    /// Returns the running question about this credential.
    pub(crate) fn get(&self, key: &K) -> Option<&Flight<R>> {
        self.by_key.get(key)
    }

    /// Returns the running question about this credential, if it has this number.
    pub(crate) fn with_number(&self, key: &K, number: u64) -> Option<&Flight<R>> {
        self.get(key).filter(|flight| flight.number == number)
    }

    pub(crate) fn insert(&mut self, key: K, flight: Flight<R>) {
        self.by_key.insert(key, flight);
    }

    pub(crate) fn remove(&mut self, key: &K) {
        if self.by_key.remove(key).is_some_and(|flight| flight.is_unknown) {
            self.of_unknown = self.of_unknown.saturating_sub(1);
        }
    }

    /// Admits a question about a credential that was never valid. Returns false if there are too
    /// many of them.
    pub(crate) fn admits_unknown(&mut self, now: Instant) -> bool {
        let admits = self.of_unknown < WAITING_LIMIT && self.bucket.take(now);
        if admits {
            self.of_unknown = self.of_unknown.saturating_add(1);
        }
        admits
    }

    /// Takes back a question about a valid credential from the rate of unknown credentials.
    pub(crate) fn give_back(&mut self) {
        self.bucket.give_back();
    }

    /// Returns true if a warning about too many questions is due.
    pub(crate) fn needs_warning(&mut self, now: Instant) -> bool {
        let is_due =
            self.last_warning.is_none_or(|time| now.duration_since(time) >= WARNING_INTERVAL);
        if is_due {
            self.last_warning = Some(now);
        }
        is_due
    }

    /// Records the error of a question, or its success. Returns true if the error must be logged: if it
    /// is not the error of the question before, and was not logged in the last minute. A caller who can
    /// cause an error could otherwise fill the log, because the questions of others succeed.
    pub(crate) fn is_new_error(&mut self, error: Option<&str>, now: Instant) -> bool {
        let was_logged = self.last_logged.as_ref().is_some_and(|(logged, time)| {
            Some(logged.as_str()) == error && now.duration_since(*time) < WARNING_INTERVAL
        });
        let is_new = self.last_error() != error && !was_logged;
        self.last_error = error.map(str::to_owned);
        let Some(error) = error.filter(|_| is_new) else { return false };
        self.last_logged = Some((error.to_owned(), now));
        true
    }

    /// Returns the error of the last question. `None` if it succeeded.
    pub(crate) fn last_error(&self) -> Option<&str> {
        self.last_error.as_deref()
    }
}
