//! The cached results of look-ups.
//!
//! Keys that the look-up found and keys that it did not find have caches of their own. A flood of
//! random keys therefore displaces no key that is in use. A key that was found once keeps its place
//! after its period. It is never used then, but its next look-up does not compete with those of
//! random keys.

use std::time::Duration;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::time::Instant;

use super::claims::ValidKey;
use super::digest::KeyDigest;
use super::key_identity::KeyIdentity;
use super::standing::KeyFault;

/// The number of keys in the cache of keys that the look-up did not find.
const REFUSED_LIMIT: usize = 10_000;

/// The bytes that an entry takes in addition to its identity.
const ENTRY_OVERHEAD: usize = 128;

/// The size in bytes of a typical entry, for an estimate of their number.
const TYPICAL_SIZE: usize = 768;

pub(super) struct Results<I> {
    found: Cache<KeyDigest, FoundKey<I>, SizeInBytes>,
    refused: Cache<KeyDigest, RefusedKey>,
}

/// A key that the look-up found.
#[derive(Clone)]
pub(super) struct FoundKey<I> {
    pub(super) identity: I,
    pub(super) until: Instant,
}

/// A key that the look-up did not find, or whose look-up failed.
#[derive(Clone)]
struct RefusedKey {
    fault: KeyFault,
    until: Instant,
}

impl<I: KeyIdentity> Results<I> {
    /// Creates a cache of this size in bytes for keys that are found.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        let capacity = u64::try_from(bytes).unwrap_or(u64::MAX);
        Self {
            found: Cache::with_weighter(bytes / TYPICAL_SIZE, capacity, SizeInBytes),
            refused: Cache::new(REFUSED_LIMIT),
        }
    }

    /// Returns the result of a look-up, if its period has not passed.
    pub(super) fn recall(&self, digest: &KeyDigest) -> Option<Result<FoundKey<I>, KeyFault>> {
        let now = Instant::now();
        if let Some(held) = self.found.get(digest).filter(|held| now < held.until) {
            return Some(Ok(held));
        }
        let refused = self.refused.get(digest).filter(|refused| now < refused.until)?;
        Some(Err(refused.fault))
    }

    /// Returns true if the look-up found this key before, even if its period has passed.
    pub(super) fn has_found(&self, digest: &KeyDigest) -> bool {
        self.found.peek(digest).is_some()
    }

    /// Adds a key to the cache. A key with the same content as before keeps its identity.
    pub(super) fn keep(&self, key: ValidKey, period: Duration) -> I {
        let digest = key.digest;
        let new = I::of_key(key);
        let earlier = self.found.peek(&digest).map(|held| held.identity);
        let identity = earlier.filter(|earlier| earlier.has_same_content(&new)).unwrap_or(new);
        let until = later(period);
        self.found.insert(digest, FoundKey { identity: identity.clone(), until });
        self.refused.remove(&digest);
        identity
    }

    pub(super) fn refuse(&self, digest: KeyDigest, fault: KeyFault, period: Duration) -> KeyFault {
        self.refused.insert(digest, RefusedKey { fault: fault.clone(), until: later(period) });
        fault
    }

    /// Removes the result for this key.
    pub(super) fn remove(&self, digest: &KeyDigest) {
        self.found.remove(digest);
        self.refused.remove(digest);
    }
}

/// Returns the time after this period. The limits keep the period short, so that the fallback never
/// occurs.
pub(super) fn later(period: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(period).unwrap_or(now)
}

#[derive(Clone)]
struct SizeInBytes;

impl<I: KeyIdentity> Weighter<KeyDigest, FoundKey<I>> for SizeInBytes {
    fn weight(&self, _: &KeyDigest, held: &FoundKey<I>) -> u64 {
        let bytes = held.identity.size().saturating_add(ENTRY_OVERHEAD);
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}
