//! The cache of verified tokens: those whose signature was verified, and those that the issuer says are
//! active.
//!
//! An entry holds the claims of a token and refers to the key set that verified the token, if one did.
//! The identity in the entry states the period of the issuer's answer, if there is one. The server
//! judges expiry, audience, policy and checks on every request. The cache never holds tokens
//! with an invalid signature, so that only tokens of trusted issuers take up room.
//!
//! While the cache has room, it adds a token on the first request with that token. A full cache
//! adds a token on the second request, so that tokens that occur in only one request do not
//! displace tokens that occur in many requests. Expired tokens count as free room.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Weak};
use std::time::SystemTime;

use quick_cache::Weighter;
use quick_cache::sync::{Cache, DefaultLifecycle};
use tokio::time::Instant;

use super::fingerprints::Fingerprints;
use super::introspection::AcceptedToken;
use super::tail_hash::TailHash;
use super::trusted_issuer::TrustedIssuer;
use crate::identity::{AccessToken, Jwt};
use crate::keys::KeySet;

/// The bytes that an entry takes in addition to its text and claims: the slot, the handles and the
/// counters.
const ENTRY_OVERHEAD: usize = 256;

/// The size in bytes of a typical token with its claims. `with_capacity` divides the size of the
/// cache by this size to estimate the number of entries.
const TYPICAL_SIZE: usize = 2048;

/// The cache of verified tokens. The key of an entry is the whole text of the token, because two
/// tokens may share a hash or a part of the text. `None` if the cache is disabled.
pub(super) struct VerifiedTokens(Option<Entries>);

struct Entries {
    tokens: Cache<Box<[u8]>, CachedToken, SizeInBytes, TailHash>,
    /// True if the last token that was added displaced another token that had not expired.
    is_full: AtomicBool,
    seen: Fingerprints,
}

/// The entries that the cache removed when it added a token, at most the first two.
type Removed = [Option<(Box<[u8]>, CachedToken)>; 2];

/// A verified token.
#[derive(Clone)]
pub(crate) struct CachedToken {
    pub(crate) token: AccessToken,
    pub(super) issuer: Arc<TrustedIssuer>,
    /// The key set that verified the token. The cached token is used only while this set is the
    /// current set, because a newer set may no longer contain the token's key. `None` for an opaque
    /// token.
    set: Option<Weak<KeySet>>,
}

impl VerifiedTokens {
    /// Creates a cache with a size of `bytes` bytes. A size of 0 disables the cache.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        if bytes == 0 {
            return Self(None);
        }
        let capacity = u64::try_from(bytes).unwrap_or(u64::MAX);
        let count = bytes / TYPICAL_SIZE;
        Self(Some(Entries {
            tokens: Cache::with(
                count,
                capacity,
                SizeInBytes,
                TailHash::default(),
                DefaultLifecycle::default(),
            ),
            is_full: AtomicBool::new(false),
            seen: Fingerprints::with_capacity(count),
        }))
    }

    /// Returns the cached token with exactly this text.
    pub(super) fn get(&self, text: &[u8]) -> Option<CachedToken> {
        self.0.as_ref()?.tokens.get(text)
    }

    /// Records one use of a token that was just verified. Adds the token to the cache unless the
    /// cache is full and this is the token's first use.
    pub(super) fn record(&self, text: &str, verified: &CachedToken, now: SystemTime) {
        let Some(entries) = &self.0 else { return };
        let text = text.as_bytes();
        let is_full = entries.is_full.load(Relaxed);
        // A cache with room adds every token, so it does not record fingerprints.
        let was_seen_before = is_full && entries.seen.record(text);
        if is_worth_adding(is_full, was_seen_before) {
            entries.add(text, verified.clone(), now);
        }
    }

    /// Adds a token about which the server asked the issuer, also if the cache is full: the next
    /// request with the token would otherwise cause the next question.
    pub(super) fn add(&self, text: &[u8], verified: CachedToken, now: SystemTime) {
        if let Some(entries) = &self.0 {
            entries.add(text, verified, now);
        }
    }

    /// Removes the token with this text.
    pub(super) fn remove(&self, text: &[u8]) {
        if let Some(entries) = &self.0 {
            entries.tokens.remove(text);
        }
    }

    /// Records a use of a cached token that a replaced key set verified. When the token is then
    /// verified with the current set, even a full cache adds the token.
    pub(super) fn mark_stale(&self, text: &[u8]) {
        if let Some(entries) = &self.0 {
            entries.seen.record(text);
        }
    }
}

/// Returns true if the cache should add a token whose signature was just verified.
fn is_worth_adding(is_full: bool, was_seen_before: bool) -> bool {
    !is_full || was_seen_before
}

impl Entries {
    fn add(&self, text: &[u8], verified: CachedToken, now: SystemTime) {
        let mut removed = Removed::default();
        self.tokens.insert_with_lifecycle(text.into(), verified, &mut removed);
        // An entry with the text of the added token was replaced and not displaced, so it does not
        // show that the cache is full.
        let is_full = removed.iter().flatten().any(|(other, verified)| {
            **other != *text && verified.token.expires_at().is_none_or(|expiry| now < expiry)
        });
        self.is_full.store(is_full, Relaxed);
    }
}

impl CachedToken {
    pub(super) fn new(token: AccessToken, issuer: &Arc<TrustedIssuer>, set: &Arc<KeySet>) -> Self {
        let set = Some(Arc::downgrade(set));
        Self { token, issuer: Arc::clone(issuer), set }
    }

    /// Creates the entry of a token that the issuer says is active.
    pub(super) fn of_answer(accepted: AcceptedToken, issuer: &Arc<TrustedIssuer>) -> Self {
        let AcceptedToken { token, set } = accepted;
        Self { token, issuer: Arc::clone(issuer), set }
    }

    /// Returns the token with the key set that verified it, for a question whose answer it is.
    pub(super) fn accepted(&self) -> AcceptedToken {
        AcceptedToken { token: self.token.clone(), set: self.set.clone() }
    }

    /// Returns true if the token needs no key set, or if the issuer's current set verified it.
    pub(super) fn is_by_current_set(&self) -> bool {
        match &self.set {
            None => true,
            Some(set) => self
                .issuer
                .keys
                .held()
                .is_some_and(|current| std::ptr::eq(set.as_ptr(), Arc::as_ptr(&current))),
        }
    }

    /// Returns true if the issuer's answer may still be used, or if the server has not asked.
    pub(super) fn is_usable(&self, now: Instant) -> bool {
        let answered = self.token.jwt().and_then(Jwt::answered);
        answered.is_none_or(|answered| now < answered.until)
    }

    /// Returns true if the key set that verified the token is the issuer's last set.
    pub(super) fn is_by_last_set(&self) -> bool {
        self.set.as_ref().is_none_or(|set| self.issuer.keys.is_last(set))
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
