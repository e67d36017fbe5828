//! The result of reading a JWK that is not an ordinary public key for signatures.

/// Finding about a JWK. The other members of a JWK set are used in any case (RFC 7517 section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finding {
    /// The key has another purpose than signatures, so a key set skips it without a warning.
    OtherPurpose(&'static str),
    /// A key set skips the key.
    Unusable(&'static str),
    /// A key set uses the key.
    Irregular(&'static str),
}
