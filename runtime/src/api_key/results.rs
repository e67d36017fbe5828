//! The cached results of look-ups.
//!
//! Keys that the look-up found and keys that it did not find have caches of their own. A flood of
//! random keys therefore displaces no key that is in use. A key that was found once keeps its place
//! after its period. It is never used then, but its next look-up does not compete with those of
//! random keys.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::time::Instant;

use super::claims::ValidKey;
use super::digest::KeyDigest;
use super::key_identity::KeyIdentity;
use super::standing::KeyFault;
use crate::flights::{Refusals, later};

/// The bytes that an entry takes in addition to its identity.
const ENTRY_OVERHEAD: usize = 128;

/// The size in bytes of a typical entry, for an estimate of their number.
const TYPICAL_SIZE: usize = 768;

pub(super) struct Results<I> {
    found: Cache<KeyDigest, FoundKey<I>, SizeInBytes>,
    /// Keys that the look-up did not find, or whose look-up failed.
    refused: Refusals<KeyDigest, KeyFault>,
    /// Identities of look-ups up to this number are never used.
    forgotten_up_to: AtomicU64,
}

/// A key that the look-up found.
#[derive(Clone)]
pub(super) struct FoundKey<I> {
    pub(super) identity: I,
    pub(super) until: Instant,
    /// The number of the look-up that created the identity.
    number: u64,
}

impl<I: KeyIdentity> Results<I> {
    /// Creates a cache of this size in bytes for keys that are found.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        let capacity = u64::try_from(bytes).unwrap_or(u64::MAX);
        Self {
            found: Cache::with_weighter(bytes / TYPICAL_SIZE, capacity, SizeInBytes),
            refused: Refusals::new(),
            forgotten_up_to: AtomicU64::new(0),
        }
    }

    /// Returns the result of a look-up, if its period has not passed.
    pub(super) fn recall(&self, digest: &KeyDigest) -> Option<Result<FoundKey<I>, KeyFault>> {
        let now = Instant::now();
        let forgotten = self.forgotten_up_to.load(Ordering::Relaxed);
        let is_usable = |held: &FoundKey<I>| now < held.until && forgotten < held.number;
        if let Some(held) = self.found.get(digest).filter(is_usable) {
            return Some(Ok(held));
        }
        self.refused.recall(digest).map(Err)
    }

    /// Returns true if the look-up found this key before, even if its period has passed.
    pub(super) fn has_found(&self, digest: &KeyDigest) -> bool {
        self.found.peek(digest).is_some()
    }

    /// Returns true if the last look-up of this key found no key or failed, even if the period of
    /// that result has passed.
    pub(super) fn has_refused(&self, digest: &KeyDigest) -> bool {
        self.refused.contains(digest)
    }

    /// Adds a key that the look-up with this number found. A key with the same content as before
    /// keeps its identity, unless `has_forgotten` returns true for the number of the look-up that
    /// created the identity.
    pub(super) fn keep(
        &self,
        key: ValidKey,
        number: u64,
        period: Duration,
        has_forgotten: impl FnOnce(u64) -> bool,
    ) -> I {
        let digest = key.digest;
        let until = later(period);
        let new = I::of_key(key);
        let earlier = self.found.peek(&digest).filter(|earlier| {
            earlier.identity.has_same_content(&new) && !has_forgotten(earlier.number)
        });
        let held = match earlier {
            Some(earlier) => FoundKey { until, ..earlier },
            None => FoundKey { identity: new, until, number },
        };
        self.found.insert(digest, held.clone());
        self.refused.remove(&digest);
        held.identity
    }

    pub(super) fn refuse(&self, digest: KeyDigest, fault: KeyFault, period: Duration) -> KeyFault {
        self.refused.record(digest, fault, period)
    }

    /// Ends the period of the result for this key. A key that was found keeps its place.
    pub(super) fn expire(&self, digest: &KeyDigest) {
        if let Some(held) = self.found.peek(digest) {
            self.found.insert(*digest, FoundKey { until: Instant::now(), ..held });
        }
        self.refused.remove(digest);
    }

    /// Ends the periods of all identities of look-ups up to this number.
    pub(super) fn expire_up_to(&self, number: u64) {
        self.forgotten_up_to.fetch_max(number, Ordering::Relaxed);
    }

    /// Removes the result for this key.
    pub(super) fn remove(&self, digest: &KeyDigest) {
        self.found.remove(digest);
        self.refused.remove(digest);
    }
}

#[derive(Clone)]
struct SizeInBytes;

impl<I: KeyIdentity> Weighter<KeyDigest, FoundKey<I>> for SizeInBytes {
    fn weight(&self, _: &KeyDigest, held: &FoundKey<I>) -> u64 {
        let bytes = held.identity.size().saturating_add(ENTRY_OVERHEAD);
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}
