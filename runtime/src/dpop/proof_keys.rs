//! The parsed keys of clients that have proven possession. A client uses its key for many requests, and
//! to parse an RSA key costs a third of a verification.

use std::fmt;
use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::algorithm::Algorithm;
use crate::possession::Thumbprint;
use crate::token::signature::{KeyMaterial, VerificationKey};

/// The size of the memory in bytes. It holds about 4,000 elliptic keys or 1,500 RSA keys of 2048 bits.
const CAPACITY: u64 = 4 * 1024 * 1024;

/// The size of a parsed key without its numbers, and the multiple of its numbers in a parsed key.
const BASE_SIZE: usize = 512;
const NUMBER_FACTOR: usize = 8;

/// The size in bytes of a typical key, for an estimate of their number.
const TYPICAL_SIZE: usize = 1024;

/// A thumbprint identifies the numbers of a key, and a parsed RSA key is for one algorithm.
type KeyName = (Thumbprint, Algorithm);

/// The parsed keys. Only keys to which a valid token is bound, and whose holder has made a valid proof,
/// take up room.
pub(super) struct ProofKeys(Cache<KeyName, ParsedKey, SizeInBytes>);

#[derive(Clone)]
struct ParsedKey {
    key: Arc<VerificationKey>,
    size: u64,
}

impl ProofKeys {
    pub(super) fn new() -> Self {
        let count = usize::try_from(CAPACITY).unwrap_or(usize::MAX) / TYPICAL_SIZE;
        Self(Cache::with_weighter(count, CAPACITY, SizeInBytes))
    }

    /// Returns the key with this thumbprint.
    pub(super) fn get(
        &self,
        thumbprint: Thumbprint,
        algorithm: Algorithm,
    ) -> Option<Arc<VerificationKey>> {
        self.0.get(&(thumbprint, algorithm)).map(|parsed| parsed.key)
    }

    pub(super) fn add(
        &self,
        thumbprint: Thumbprint,
        algorithm: Algorithm,
        key: VerificationKey,
        material: &KeyMaterial,
    ) {
        let parsed = ParsedKey { key: Arc::new(key), size: size(material) };
        self.0.insert((thumbprint, algorithm), parsed);
    }
}

fn size(material: &KeyMaterial) -> u64 {
    let numbers = match material {
        KeyMaterial::Rsa { n, .. } => n.len(),
        KeyMaterial::Ec { point, .. } => point.len(),
        KeyMaterial::Ed25519 { x } => x.len(),
        KeyMaterial::Secret(secret) => secret.len(),
    };
    let bytes = numbers.saturating_mul(NUMBER_FACTOR).saturating_add(BASE_SIZE);
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

impl fmt::Debug for ProofKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ProofKeys").finish_non_exhaustive()
    }
}

#[derive(Clone)]
struct SizeInBytes;

impl Weighter<KeyName, ParsedKey> for SizeInBytes {
    fn weight(&self, _: &KeyName, parsed: &ParsedKey) -> u64 {
        parsed.size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_is_bounded() {
        let keys = ProofKeys::new();
        let material = KeyMaterial::Ed25519 { x: vec![0xA5; 32] };
        for number in 0..20_000_u32 {
            let key = VerificationKey::parse(Algorithm::EdDSA, &material);
            let Some(key) = key else { continue };
            keys.add(Thumbprint::of(&number.to_be_bytes()), Algorithm::EdDSA, key, &material);
        }
        assert!(keys.0.weight() <= CAPACITY, "{}", keys.0.weight());
        assert!(keys.0.len() > 1000, "{}", keys.0.len());
    }

    #[test]
    fn a_key_is_for_one_algorithm() {
        let keys = ProofKeys::new();
        let material = KeyMaterial::Rsa { n: vec![0xC1; 256], e: vec![1, 0, 1] };
        let (thumbprint, other) = (Thumbprint::of(b"one"), Thumbprint::of(b"other"));
        let key = VerificationKey::parse(Algorithm::RS256, &material).unwrap();
        keys.add(thumbprint, Algorithm::RS256, key, &material);
        assert!(keys.get(thumbprint, Algorithm::RS256).is_some());
        assert!(keys.get(thumbprint, Algorithm::PS256).is_none());
        assert!(keys.get(other, Algorithm::RS256).is_none());
    }
}
