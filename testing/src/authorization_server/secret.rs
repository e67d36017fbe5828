//! Generates and compares random names and secrets.

use std::io;

use aws_lc_rs::constant_time::verify_slices_are_equal;

use crate::digest::{encode, sha256};

/// Returns 256 random bits in base64url. RFC 6749 section 10.10 requires at least 128 bits.
pub(super) fn random() -> io::Result<String> {
    let mut octets = [0; 32];
    aws_lc_rs::rand::fill(&mut octets).map_err(io::Error::other)?;
    Ok(encode(octets))
}

/// Returns the SHA-256 digest of a secret in base64url. The duration of a comparison of digests
/// reveals nothing about the secrets.
pub(super) fn digest(secret: &str) -> String {
    sha256(secret)
}

/// Returns true if two secrets are equal. The duration of the comparison reveals only if the
/// lengths are equal.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}
