//! Names that nobody guesses.

use std::io;

use aws_lc_rs::constant_time::verify_slices_are_equal;

use crate::signing_key::encode;

/// 256 bits (RFC 6749 section 10.10 demands 128 of them) in base64url.
pub(super) fn random() -> io::Result<String> {
    let mut octets = [0; 32];
    aws_lc_rs::rand::fill(&mut octets).map_err(io::Error::other)?;
    Ok(encode(octets))
}

/// Compared in a time that tells nothing but the length.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}
