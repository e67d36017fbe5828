//! The `Authorization` header of pushed events.

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The value that the `Authorization` header of a pushed event must have.
#[derive(Clone)]
pub(crate) struct PushAuthorization(Vec<u8>);

impl PushAuthorization {
    /// Checks that the text can be the value of a header. The error is the predicate of a problem,
    /// and does not contain the text.
    pub(crate) fn new(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() {
            return Err("is empty");
        }
        if !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) || text.trim() != text {
            return Err(
                "is not the value of a header: it has a character outside printable ASCII, \
                        or a space at an end",
            );
        }
        Ok(Self(text.as_bytes().to_vec()))
    }

    /// Compares a received value, in a time that does not depend on where the values differ.
    pub(crate) fn is(&self, received: &[u8]) -> bool {
        let code = |value: &[u8]| {
            // A key may have any length.
            Hmac::<Sha256>::new_from_slice(&self.0).ok().map(|code| code.chain_update(value))
        };
        let expected = code(&self.0).map(Mac::finalize);
        let received = code(received).map(Mac::finalize);
        // The comparison of two codes takes the same time for all codes.
        expected.zip(received).is_some_and(|(expected, received)| expected == received)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_value_is_accepted() {
        let authorization = PushAuthorization::new("Bearer secret").unwrap();
        assert!(authorization.is(b"Bearer secret"));
        for other in
            ["", "Bearer", "bearer secret", "Bearer secret ", "Bearer secre", "Bearer secrets"]
        {
            assert!(!authorization.is(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn a_value_that_no_header_has_is_a_problem() {
        for wrong in ["", " ", "a ", " a", "a\r\nb", "ä", "a\0"] {
            assert!(PushAuthorization::new(wrong).is_err(), "{wrong:?}");
        }
    }
}
