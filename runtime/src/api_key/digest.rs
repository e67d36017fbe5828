//! The digest of an API key, by which the key is found.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// The SHA-256 digest of an API key. A digest is stored in place of the key.
///
/// `Display` writes 64 hexadecimal digits, and `FromStr` reads them. `Debug` does not write the
/// digest.
///
/// ```
/// use axum_protected::api_key::{ApiKeys, KeyDigest};
///
/// let generated = ApiKeys::generate("items")?;
/// let stored = generated.digest().to_string();
/// assert_eq!(stored.parse::<KeyDigest>()?, KeyDigest::of(generated.key()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyDigest([u8; 32]);

impl KeyDigest {
    /// Computes the digest of a whole key, with its prefix.
    #[must_use]
    pub fn of(key: &str) -> Self {
        Self::of_bytes(key.as_bytes())
    }

    pub(crate) fn of_bytes(key: &[u8]) -> Self {
        Self(Sha256::digest(key).into())
    }

    /// Creates a digest from its bytes, for example from a database.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes of the digest, for example for a column of a database.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for KeyDigest {
    type Err = KeyDigestError;

    fn from_str(text: &str) -> Result<Self, KeyDigestError> {
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let mut digest = [0; 32];
        if pairs.len() != digest.len() || !rest.is_empty() {
            return Err(KeyDigestError);
        }
        for (byte, pair) in digest.iter_mut().zip(pairs) {
            let [high, low] = pair.map(|digit| char::from(digit).to_digit(16));
            let value = high.zip(low).map(|(high, low)| (high << 4) | low);
            *byte = value.and_then(|value| u8::try_from(value).ok()).ok_or(KeyDigestError)?;
        }
        Ok(Self(digest))
    }
}

impl fmt::Display for KeyDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

/// Writes no digits, because a key that is not random can be guessed from its digest.
impl fmt::Debug for KeyDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("KeyDigest(..)")
    }
}

/// The predicate of a problem with a text that is not a digest.
pub(super) const NOT_A_DIGEST: &str = "is not a SHA-256 digest in 64 hexadecimal digits: if it is the key itself, replace it by the \
     output of `printf %s \"$KEY\" | sha256sum`";

/// The error of a text that is not a digest. It does not contain the text, which may be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyDigestError;

impl fmt::Display for KeyDigestError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the text {NOT_A_DIGEST}")
    }
}

impl Error for KeyDigestError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_read_as_it_is_written() {
        // FIPS 180-2, appendix B.1.
        let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let digest = KeyDigest::of("abc");
        assert_eq!(digest.to_string(), text);
        assert_eq!(text.parse(), Ok(digest));
        assert_eq!(text.to_uppercase().parse(), Ok(digest));
        assert_eq!(KeyDigest::from_bytes(*digest.as_bytes()), digest);
        let long = format!("{text}00");
        let odd = format!("{text}0");
        let letter = text.replace('b', "g");
        let sign = text.replacen("ba", "+a", 1);
        for other in ["", "items_secret", &long, &odd, &letter, &sign, &text[2..]] {
            assert_eq!(other.parse::<KeyDigest>(), Err(KeyDigestError), "{other}");
        }
    }
}
