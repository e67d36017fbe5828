//! Digests, and octets in base64url.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Returns the base64url of octets, without padding (RFC 7515 section 2).
pub(super) fn encode(octets: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(octets)
}

/// Returns the SHA-256 digest of octets in base64url.
pub(super) fn sha256(octets: impl AsRef<[u8]>) -> String {
    encode(digest(&SHA256, octets.as_ref()))
}

/// Returns the octets of a text in base64url without padding.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
