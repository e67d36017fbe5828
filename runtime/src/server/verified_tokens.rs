//! Tokens whose signature was verified before: what every later request is spared, and no more.
//!
//! Nothing else is kept than that this text was signed by a key of this set, and its claims.
//! Expiry, audience, policy and checks are judged on every request. What is not good is never
//! kept, so that only the issuer's own tokens take up room.

use std::sync::{Arc, Weak};

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::trusted::TrustedIssuer;
use crate::keys::KeySet;
use crate::token::AccessToken;

/// What an entry takes besides its text and its claims: the slot, the handles, the counters.
const ENTRY: usize = 256;

/// A token of the usual size with its claims, to know roughly how many there will be.
const USUAL: usize = 2048;

/// By the whole text, which is compared in full: no hash and no part of it stands for a token.
pub(super) struct VerifiedTokens(Option<Cache<Box<[u8]>, Verified, ByBytes>>);

/// A signature that was verified.
#[derive(Clone)]
pub(crate) struct Verified {
    pub(crate) token: AccessToken,
    pub(super) issuer: Arc<TrustedIssuer>,
    /// The set that held the key. An issuer that withdraws a key publishes another set, for which
    /// this says nothing.
    set: Weak<KeySet>,
}

impl VerifiedTokens {
    /// Room for so many bytes; for none, nothing is kept.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        let cache = || {
            let capacity = u64::try_from(bytes).unwrap_or(u64::MAX);
            Cache::with_weighter(bytes / USUAL, capacity, ByBytes)
        };
        Self((bytes > 0).then(cache))
    }

    /// What is known of exactly this text.
    pub(super) fn get(&self, text: &[u8]) -> Option<Verified> {
        self.0.as_ref()?.get(text)
    }

    pub(super) fn keep(&self, text: &str, verified: &Verified) {
        if let Some(cache) = &self.0 {
            cache.insert(text.as_bytes().into(), verified.clone());
        }
    }
}

impl Verified {
    pub(super) fn new(token: AccessToken, issuer: &Arc<TrustedIssuer>, set: &Arc<KeySet>) -> Self {
        Self {
            token,
            issuer: Arc::clone(issuer),
            set: Arc::downgrade(set),
        }
    }

    /// Whether it was verified by a key of this very set.
    pub(super) fn is_by(&self, set: &Arc<KeySet>) -> bool {
        std::ptr::eq(self.set.as_ptr(), Arc::as_ptr(set))
    }
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Box<[u8]>, Verified> for ByBytes {
    fn weight(&self, text: &Box<[u8]>, verified: &Verified) -> u64 {
        let bytes = verified.token.size().saturating_add(text.len());
        u64::try_from(bytes.saturating_add(ENTRY)).unwrap_or(u64::MAX)
    }
}
