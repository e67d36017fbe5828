//! The headers of valid proofs. A client writes the same header into all its proofs, because only its
//! key and the algorithm are in it. To read the key costs a third of a verification.

use std::fmt;
use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::proof_header::ProofHeader;

/// The size of the memory in bytes. It holds about 4,000 headers with an elliptic key, or 1,000 with an
/// RSA key of 2048 bits.
const CAPACITY: u64 = 4 * 1024 * 1024;

/// The bytes that an entry takes in addition to its text, and the multiple of its text that the parsed
/// key takes: the backend prepares an RSA key for its calculations.
const BASE_SIZE: usize = 512;
const TEXT_FACTOR: usize = 6;

/// The size in bytes of a typical entry, for an estimate of their number.
const TYPICAL_SIZE: usize = 2048;

/// The headers by their text in base64url, exactly as it was received. All rules for a header depend on
/// this text and on the configuration only, so the same text has the same result. Only headers of valid
/// proofs for valid tokens take up room.
pub(super) struct KnownHeaders(Cache<Box<str>, Arc<ProofHeader>, SizeInBytes>);

impl KnownHeaders {
    pub(super) fn new() -> Self {
        let count = usize::try_from(CAPACITY).unwrap_or(usize::MAX) / TYPICAL_SIZE;
        Self(Cache::with_weighter(count, CAPACITY, SizeInBytes))
    }

    /// Returns the header with exactly this text.
    pub(super) fn get(&self, text: &str) -> Option<Arc<ProofHeader>> {
        self.0.get(text)
    }

    pub(super) fn add(&self, text: &str, header: Arc<ProofHeader>) {
        self.0.insert(text.into(), header);
    }
}

impl fmt::Debug for KnownHeaders {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("KnownHeaders").finish_non_exhaustive()
    }
}

#[derive(Clone)]
struct SizeInBytes;

impl Weighter<Box<str>, Arc<ProofHeader>> for SizeInBytes {
    fn weight(&self, text: &Box<str>, _: &Arc<ProofHeader>) -> u64 {
        let bytes = text.len().saturating_mul(TEXT_FACTOR).saturating_add(BASE_SIZE);
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dpop::proof_header::tests::sample;

    #[test]
    fn the_memory_is_bounded() {
        let known = KnownHeaders::new();
        let header = Arc::new(sample());
        for number in 0..20_000 {
            known.add(&format!("{number:0>200}"), Arc::clone(&header));
        }
        assert!(known.0.weight() <= CAPACITY, "{}", known.0.weight());
        assert!(known.0.len() > 1000, "{}", known.0.len());
    }

    #[test]
    fn a_header_is_known_by_its_whole_text() {
        let known = KnownHeaders::new();
        known.add("eyJhIjoxfQ", Arc::new(sample()));
        assert!(known.get("eyJhIjoxfQ").is_some());
        for other in ["", "eyJhIjoxf", "eyJhIjoxfQA", "EyJhIjoxfQ"] {
            assert!(known.get(other).is_none(), "{other}");
        }
    }
}
