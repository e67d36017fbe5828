//! Verifies signatures. A key is parsed once and used for many tokens.
//!
//! This module has two backends. If the features of both backends are enabled, the backend
//! `aws_lc_rs` is used. If the features of both backends are disabled, parsing a key fails and
//! building a server returns an error, so no token is accepted.

use crate::algorithm::Algorithm;

#[cfg(feature = "aws_lc_rs")]
mod aws_lc;
#[cfg(feature = "aws_lc_rs")]
use self::aws_lc as backend;

#[cfg(all(feature = "rust_crypto", not(feature = "aws_lc_rs")))]
mod rust_crypto;
#[cfg(all(feature = "rust_crypto", not(feature = "aws_lc_rs")))]
use self::rust_crypto as backend;

#[cfg(not(any(feature = "aws_lc_rs", feature = "rust_crypto")))]
mod none;
#[cfg(not(any(feature = "aws_lc_rs", feature = "rust_crypto")))]
use self::none as backend;

mod secret;
mod signing;

pub(crate) use self::secret::{Secret, least_length};
pub(crate) use self::signing::SigningKey;

/// Decoded key: a public key, or a secret that issuer and server share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeyMaterial {
    /// RSA modulus and exponent, big-endian and without leading zeros.
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// The uncompressed point: `04`, x, y at full length (SEC 1 section 2.3.3).
    Ec { curve: Curve, point: Vec<u8> },
    /// The encoded point (RFC 8032 section 5.1.5).
    Ed25519 { x: Vec<u8> },
    /// Secret from the configuration. No key of a JWK set becomes a secret.
    Secret(Secret),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
}

impl KeyMaterial {
    /// Returns the algorithms of this kind of key (RFC 7518 section 3.1, where each curve belongs to
    /// one algorithm; RFC 8037 section 3.1).
    pub(crate) fn algorithms(&self) -> &'static [Algorithm] {
        use Algorithm::{ES256, ES384, ES512, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
        match self {
            Self::Rsa { .. } => &[RS256, RS384, RS512, PS256, PS384, PS512],
            Self::Ec { curve, .. } => match curve {
                Curve::P256 => &[ES256],
                Curve::P384 => &[ES384],
                Curve::P521 => &[ES512],
            },
            Self::Ed25519 { .. } => &[EdDSA],
            Self::Secret(_) => &Algorithm::HMAC,
        }
    }
}

/// Key that is parsed for one algorithm and verifies signatures.
#[derive(Debug)]
pub(crate) struct VerificationKey(backend::Key);

impl VerificationKey {
    /// Parses a key for one algorithm. Returns `None` if a secret is too short for the algorithm, or
    /// if the backend does not support the algorithm or rejects the key, for example a point that is
    /// not on its curve.
    pub(crate) fn parse(algorithm: Algorithm, key: &KeyMaterial) -> Option<Self> {
        if let KeyMaterial::Secret(secret) = key
            && secret.len() < least_length(algorithm)?
        {
            return None;
        }
        backend::Key::parse(algorithm, key).map(Self)
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.verifies(message, signature)
    }
}

/// Returns true if the signature backend supports the algorithm.
pub(crate) fn is_supported(algorithm: Algorithm) -> bool {
    backend::is_supported(algorithm)
}
