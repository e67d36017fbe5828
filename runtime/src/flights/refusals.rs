//! The memory for negative answers.

use std::hash::Hash;
use std::time::Duration;

use quick_cache::sync::Cache;
use tokio::time::Instant;

use super::later;

/// The number of credentials that the memory holds.
const LIMIT: usize = 10_000;

/// Credentials that are not valid, or about which a question failed, each for a short period.
pub(crate) struct Refusals<K, F>(Cache<K, Refusal<F>>);

#[derive(Clone)]
struct Refusal<F> {
    fault: F,
    until: Instant,
}

impl<K: Copy + Eq + Hash, F: Clone> Refusals<K, F> {
    pub(crate) fn new() -> Self {
        Self(Cache::new(LIMIT))
    }

    /// Returns the fault of a credential, if its period has not passed.
    pub(crate) fn recall(&self, key: &K) -> Option<F> {
        let now = Instant::now();
        self.0.get(key).filter(|refusal| now < refusal.until).map(|refusal| refusal.fault)
    }

    /// Returns true if the last answer about this credential was negative, even if its period has
    /// passed.
    pub(crate) fn contains(&self, key: &K) -> bool {
        self.0.peek(key).is_some()
    }

    /// Records a fault for this period, and returns it.
    pub(crate) fn record(&self, key: K, fault: F, period: Duration) -> F {
        self.0.insert(key, Refusal { fault: fault.clone(), until: later(period) });
        fault
    }

    pub(crate) fn remove(&self, key: &K) {
        self.0.remove(key);
    }
}
