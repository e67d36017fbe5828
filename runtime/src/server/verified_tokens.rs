//! Tokens whose signature was verified before: what every later request is spared, and no more.
//!
//! Nothing else is kept than that this text was signed by a key of this set, and its claims.
//! Expiry, audience, policy and checks are judged on every request. What is not good is never
//! kept, so that only the issuer's own tokens take up room.
//!
//! While there is room a token is kept when it is first seen. A full memory keeps it when it is seen
//! for the second time, so that tokens that do not return displace none that do. The room of expired
//! tokens is free.

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

/// What an entry takes besides its text and its claims: the slot, the handles, the counters.
const ENTRY: usize = 256;

/// A token of the usual size with its claims, to know roughly how many there will be.
const USUAL: usize = 2048;

/// By the whole text, which is compared in full: no hash and no part of it stands for a token.
pub(super) struct VerifiedTokens(Option<Memory>);

struct Memory {
    tokens: Cache<Box<[u8]>, CachedToken, ByBytes>,
    /// Set while the last token that was added displaced another one that had not expired.
    is_full: AtomicBool,
    seen: Fingerprints,
}

/// The first two tokens that the cache removed to add one.
type Removed = [Option<(Box<[u8]>, CachedToken)>; 2];

/// A signature that was verified.
#[derive(Clone)]
pub(crate) struct CachedToken {
    pub(crate) token: AccessToken,
    pub(super) issuer: Arc<TrustedIssuer>,
    /// The set that held the key. An issuer that withdraws a key publishes another set, for which
    /// this says nothing.
    set: Weak<KeySet>,
}

impl VerifiedTokens {
    /// Room for so many bytes; for none, nothing is kept.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        let memory = || {
            let capacity = u64::try_from(bytes).unwrap_or(u64::MAX);
            let count = bytes / USUAL;
            Memory {
                tokens: Cache::with_weighter(count, capacity, ByBytes),
                is_full: AtomicBool::new(false),
                seen: Fingerprints::with_capacity(count),
            }
        };
        Self((bytes > 0).then(memory))
    }

    /// What is known of exactly this text.
    pub(super) fn get(&self, text: &[u8]) -> Option<CachedToken> {
        self.0.as_ref()?.tokens.get(text)
    }

    /// Counts a sight of a token that was just verified, and keeps the token where that is worth its
    /// room.
    pub(super) fn keep(&self, text: &str, verified: &CachedToken, now: SystemTime) {
        let Some(memory) = &self.0 else { return };
        let text = text.as_bytes();
        let is_full = memory.is_full.load(Relaxed);
        // A memory with room need not know what was seen.
        let was_seen_before = is_full && memory.seen.note(text);
        if is_worth_keeping(is_full, was_seen_before) {
            memory.add(text, verified.clone(), now);
        }
    }

    /// Has a token kept when it is verified again: the memory holds it already, but by a key set that
    /// was replaced.
    pub(super) fn mark_stale(&self, text: &[u8]) {
        if let Some(memory) = &self.0 {
            memory.seen.note(text);
        }
    }
}

/// Decides on a token that was just verified.
fn is_worth_keeping(is_full: bool, was_seen_before: bool) -> bool {
    !is_full || was_seen_before
}

impl Memory {
    fn add(&self, text: &[u8], verified: CachedToken, now: SystemTime) {
        let mut removed = Removed::default();
        let tokens = &self.tokens;
        tokens.insert_with_lifecycle(text.into(), verified, &mut removed);
        // One that was there under the same text is replaced, which tells nothing of the room.
        let is_loss = |(other, verified): &(Box<[u8]>, CachedToken)| {
            **other != *text && now < verified.token.expires_at()
        };
        let is_full = removed.iter().flatten().any(is_loss);
        self.is_full.store(is_full, Relaxed);
    }
}

impl CachedToken {
    pub(super) fn new(token: AccessToken, issuer: &Arc<TrustedIssuer>, set: &Arc<KeySet>) -> Self {
        Self { token, issuer: Arc::clone(issuer), set: Arc::downgrade(set) }
    }

    /// Whether it was verified by a key of this very set.
    pub(super) fn is_by(&self, set: &Arc<KeySet>) -> bool {
        std::ptr::eq(self.set.as_ptr(), Arc::as_ptr(set))
    }
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Box<[u8]>, CachedToken> for ByBytes {
    fn weight(&self, text: &Box<[u8]>, verified: &CachedToken) -> u64 {
        let bytes = verified.token.size().saturating_add(text.len());
        u64::try_from(bytes.saturating_add(ENTRY)).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_memory_keeps_what_returns() {
        for (is_full, was_seen_before, expected) in
            [(false, false, true), (false, true, true), (true, false, false), (true, true, true)]
        {
            let kept = is_worth_keeping(is_full, was_seen_before);
            assert_eq!(kept, expected, "full: {is_full}, seen: {was_seen_before}");
        }
    }
}
