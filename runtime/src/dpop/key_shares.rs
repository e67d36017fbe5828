//! Limits the part of the memory of used proofs that one key takes, so that a client with one valid
//! token cannot keep the proofs of all other clients out.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::possession::Thumbprint;

/// Number of counters. Keys share a counter by chance, so that the counters need no memory that
/// grows.
const COUNTERS: u16 = 16_384;

/// Number of proofs that a key may have as long as the memory has room. Clients with few requests
/// take the room that busy clients leave.
const FREE_SHARE: usize = 256;

/// Number of proofs that a key may have for each free place. One busy key takes at most seven eighths
/// of the memory. Of several busy keys, each one leaves an eighth of what the others leave.
const PER_FREE_PLACE: usize = 7;

/// The numbers of remembered proofs of the keys.
#[derive(Debug)]
pub(super) struct KeyShares {
    counters: Box<[AtomicU32]>,
    /// Selects the counter of a key. It is keyed, so that no client can choose the counter of another.
    selector: RandomState,
}

/// The counter of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KeyCounter(u16);

impl KeyShares {
    pub(super) fn new() -> Self {
        Self {
            counters: std::iter::repeat_with(AtomicU32::default)
                .take(usize::from(COUNTERS))
                .collect(),
            selector: RandomState::new(),
        }
    }

    pub(super) fn counter(&self, key: &Thumbprint) -> KeyCounter {
        let index = self.selector.hash_one(key) % u64::from(COUNTERS);
        KeyCounter(u16::try_from(index).unwrap_or_default())
    }

    /// Returns true if the key may add a proof to a memory with this number of free places.
    pub(super) fn has_room(&self, key: KeyCounter, free: usize) -> bool {
        let count = self.get(key).map_or(0, |counter| counter.load(Ordering::Relaxed));
        let limit = free.saturating_mul(PER_FREE_PLACE).max(FREE_SHARE);
        usize::try_from(count).is_ok_and(|count| count < limit)
    }

    pub(super) fn add(&self, key: KeyCounter) {
        if let Some(counter) = self.get(key) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn remove(&self, key: KeyCounter) {
        if let Some(counter) = self.get(key) {
            counter.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn get(&self, key: KeyCounter) -> Option<&AtomicU32> {
        self.counters.get(usize::from(key.0))
    }
}
