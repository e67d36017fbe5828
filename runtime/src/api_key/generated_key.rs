//! A new API key.

use std::fmt;

use super::checksum::{DIGITS, checksum};
use super::digest::KeyDigest;
use super::error::ApiKeysError;
use crate::credential::key_prefix_problem;

/// The number of base 62 digits with at least 256 bits.
const RANDOM_DIGITS: usize = 43;

/// The largest multiple of 62 that is at most 256. A random byte from here on is skipped, so that
/// all digits have the same probability.
const UNBIASED: u8 = 248;

/// A new API key with its digest, from [`ApiKeys::generate`](super::ApiKeys::generate).
///
/// Give the key to the caller once, and store only the digest. `Debug` writes neither.
#[must_use = "the key cannot be computed from its digest"]
pub struct GeneratedKey {
    key: String,
    digest: KeyDigest,
}

impl GeneratedKey {
    pub(super) fn new(prefix: &str) -> Result<Self, ApiKeysError> {
        if let Some(problem) = key_prefix_problem(prefix) {
            return Err(ApiKeysError::of(format!("the prefix of a new key {problem}")));
        }
        let random = random_digits()?;
        let key = format!("{prefix}_{random}{}", checksum(&random));
        let digest = KeyDigest::of(&key);
        Ok(Self { key, digest })
    }

    /// Returns the text of the key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the digest of the key.
    #[must_use]
    pub fn digest(&self) -> KeyDigest {
        self.digest
    }
}

fn random_digits() -> Result<String, ApiKeysError> {
    let mut digits = String::with_capacity(RANDOM_DIGITS);
    while digits.len() < RANDOM_DIGITS {
        let mut bytes = [0; RANDOM_DIGITS];
        getrandom::fill(&mut bytes).map_err(|error| {
            ApiKeysError::of(format!("the operating system has no random numbers: {error}"))
        })?;
        let missing = RANDOM_DIGITS.saturating_sub(digits.len());
        let unbiased = bytes.into_iter().filter(|byte| *byte < UNBIASED).take(missing);
        digits.extend(
            unbiased.filter_map(|byte| DIGITS.get(usize::from(byte % 62))).copied().map(char::from),
        );
    }
    Ok(digits)
}

impl fmt::Debug for GeneratedKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("GeneratedKey").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_key_has_its_prefix_256_random_bits_and_a_checksum() {
        let mut keys = HashSet::new();
        let mut digits = HashSet::new();
        for _ in 0..200 {
            let generated = GeneratedKey::new("items_live").unwrap();
            let rest = generated.key().strip_prefix("items_live_").unwrap();
            let (random, sum) = rest.split_at(RANDOM_DIGITS);
            assert_eq!(sum, checksum(random));
            assert_eq!(generated.digest(), KeyDigest::of(generated.key()));
            digits.extend(random.bytes());
            assert!(keys.insert(generated.key().to_owned()));
        }
        assert_eq!(digits, DIGITS.iter().copied().collect());
        assert!(62_f64.powi(i32::try_from(RANDOM_DIGITS).unwrap()).log2() >= 256.0);
        let shown = format!("{:?}", GeneratedKey::new("ci").unwrap());
        assert_eq!(shown, "GeneratedKey { .. }");
    }

    #[test]
    fn a_prefix_that_scanners_do_not_find_is_an_error() {
        let long = "a".repeat(33);
        for prefix in ["", "a", "1a", "_a", "a_", "a__b", "a-b", "a b", "\u{e4}b", "a.b", &long] {
            let error = GeneratedKey::new(prefix).unwrap_err().to_string();
            assert!(error.contains("the prefix of a new key"), "{prefix}: {error}");
        }
        for prefix in ["ci", "ghp", "sk_live", "A1_b2", &"a".repeat(32)] {
            assert!(GeneratedKey::new(prefix).is_ok(), "{prefix}");
        }
    }
}
