//! Secret that an issuer shares with the server.

use std::fmt;
use std::sync::Arc;

use crate::algorithm::Algorithm;

/// Octets of a shared secret. The `Debug` output does not contain them.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(Arc<[u8]>);

impl Secret {
    pub(crate) fn new(octets: impl Into<Vec<u8>>) -> Self {
        Self(octets.into().into())
    }

    #[cfg(any(feature = "aws_lc_rs", feature = "rust_crypto"))]
    pub(super) fn octets(&self) -> &[u8] {
        &self.0
    }

    /// Returns the length in octets.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Returns the number of octets that a secret for an HMAC algorithm must have at least: the length
/// of the hash (RFC 7518 section 3.2). Returns `None` for other algorithms.
pub(crate) fn least_length(algorithm: Algorithm) -> Option<usize> {
    match algorithm {
        Algorithm::HS256 => Some(32),
        Algorithm::HS384 => Some(48),
        Algorithm::HS512 => Some(64),
        _ => None,
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Secret").finish_non_exhaustive()
    }
}
