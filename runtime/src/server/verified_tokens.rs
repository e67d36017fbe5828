//! Cache of tokens whose signature was verified.
//!
//! An entry holds the claims of a token and the key set that verified it. Expiry, audience, policy and
//! checks are judged on every request. Invalid tokens are never cached, so that only tokens of the
//! issuer take up room.
//!
//! While there is room, a token is cached when it is first seen. A full cache adds a token when it is
//! seen for the second time, so that tokens that do not return displace none that do. Expired tokens
//! count as free room.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Weak};
use std::time::SystemTime;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::fingerprints::Fingerprints;
use super::trusted_issuer::TrustedIssuer;
use crate::keys::KeySet;
use crate::token::AccessToken;

/// The overhead of an entry in bytes, besides text and claims: the slot, the handles, the counters.
const ENTRY_OVERHEAD: usize = 256;

/// The size of a typical token with its claims in bytes, to estimate the number of entries.
const TYPICAL_SIZE: usize = 2048;

/// The cache, keyed by the whole text of a token: neither a hash nor a part of it identifies a token.
/// `None` if the cache is disabled.
pub(super) struct VerifiedTokens(Option<Entries>);

struct Entries {
    tokens: Cache<Box<[u8]>, CachedToken, SizeInBytes>,
    /// Set if the token added last displaced another one that had not expired.
    is_full: AtomicBool,
    seen: Fingerprints,
}

/// The first two entries that the cache removed when it added one.
type Removed = [Option<(Box<[u8]>, CachedToken)>; 2];

/// A token whose signature was verified.
#[derive(Clone)]
pub(crate) struct CachedToken {
    pub(crate) token: AccessToken,
    pub(super) issuer: Arc<TrustedIssuer>,
    /// The set that contained the key. The entry is not valid for another set: the issuer may have
    /// withdrawn the key.
    set: Weak<KeySet>,
}

impl VerifiedTokens {
    /// Creates a cache of this size in bytes; 0 disables it.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        if bytes == 0 {
            return Self(None);
        }
        let capacity = u64::try_from(bytes).unwrap_or(u64::MAX);
        let count = bytes / TYPICAL_SIZE;
        Self(Some(Entries {
            tokens: Cache::with_weighter(count, capacity, SizeInBytes),
            is_full: AtomicBool::new(false),
            seen: Fingerprints::with_capacity(count),
        }))
    }

    /// Returns the entry with exactly this text.
    pub(super) fn get(&self, text: &[u8]) -> Option<CachedToken> {
        self.0.as_ref()?.tokens.get(text)
    }

    /// Records one use of a token that was just verified, and adds it unless the cache is full and the
    /// token is new.
    pub(super) fn record(&self, text: &str, verified: &CachedToken, now: SystemTime) {
        let Some(entries) = &self.0 else { return };
        let text = text.as_bytes();
        let is_full = entries.is_full.load(Relaxed);
        // A cache with room need not record which tokens were seen.
        let was_seen_before = is_full && entries.seen.record(text);
        if is_worth_adding(is_full, was_seen_before) {
            entries.add(text, verified.clone(), now);
        }
    }

    /// Ensures that a cached token of a replaced key set is added again when it is verified again.
    pub(super) fn mark_stale(&self, text: &[u8]) {
        if let Some(entries) = &self.0 {
            entries.seen.record(text);
        }
    }
}

/// Decides whether to add a token that was just verified.
fn is_worth_adding(is_full: bool, was_seen_before: bool) -> bool {
    !is_full || was_seen_before
}

impl Entries {
    fn add(&self, text: &[u8], verified: CachedToken, now: SystemTime) {
        let mut removed = Removed::default();
        self.tokens.insert_with_lifecycle(text.into(), verified, &mut removed);
        // Replacing an entry with the same text does not mean that the cache is full.
        let is_full = removed
            .iter()
            .flatten()
            .any(|(other, verified)| **other != *text && now < verified.token.expires_at());
        self.is_full.store(is_full, Relaxed);
    }
}

impl CachedToken {
    pub(super) fn new(token: AccessToken, issuer: &Arc<TrustedIssuer>, set: &Arc<KeySet>) -> Self {
        Self { token, issuer: Arc::clone(issuer), set: Arc::downgrade(set) }
    }

    /// Returns true if a key of the issuer's last set verified the signature.
    pub(super) fn is_by_last_set(&self) -> bool {
        self.issuer.keys.is_last(&self.set)
    }

    /// Returns true if a key of this set verified the token, by identity of the set.
    pub(super) fn is_by_set(&self, set: &Arc<KeySet>) -> bool {
        std::ptr::eq(self.set.as_ptr(), Arc::as_ptr(set))
    }
}

#[derive(Clone)]
struct SizeInBytes;

impl Weighter<Box<[u8]>, CachedToken> for SizeInBytes {
    fn weight(&self, text: &Box<[u8]>, verified: &CachedToken) -> u64 {
        let bytes = verified.token.size().saturating_add(text.len());
        u64::try_from(bytes.saturating_add(ENTRY_OVERHEAD)).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_cache_adds_only_tokens_seen_before() {
        for (is_full, was_seen_before, expected) in
            [(false, false, true), (false, true, true), (true, false, false), (true, true, true)]
        {
            let added = is_worth_adding(is_full, was_seen_before);
            assert_eq!(added, expected, "full: {is_full}, seen: {was_seen_before}");
        }
    }
}
