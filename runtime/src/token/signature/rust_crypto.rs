//! Verifies signatures with the pure-Rust crates that jsonwebtoken uses.
//!
//! This module calls the pure-Rust crypto provider of jsonwebtoken directly. The process-wide
//! default crypto provider of jsonwebtoken panics if another crate in the build enables the aws-lc
//! backend of jsonwebtoken too.

use jsonwebtoken::crypto::rust_crypto::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm as Alg, AlgorithmFamily, DecodingKey};

use super::{Curve, KeyMaterial};
use crate::algorithm::Algorithm;

#[derive(Debug)]
pub(super) struct Key {
    algorithm: Alg,
    key: DecodingKey,
}

impl Key {
    pub(super) fn parse(algorithm: Algorithm, key: &KeyMaterial) -> Option<Self> {
        let algorithm = backend_algorithm(algorithm)?;
        let key = match key {
            // The pure-Rust backend cannot verify signatures of RSA keys with more than 4096 bits.
            KeyMaterial::Rsa { n, .. } if n.len() > 512 => return None,
            KeyMaterial::Rsa { n, e } => DecodingKey::from_rsa_raw_components(n, e),
            KeyMaterial::Ec { curve, point } => {
                is_on_curve(*curve, point).then(|| DecodingKey::from_ec_der(point))?
            }
            KeyMaterial::Ed25519 { x } => DecodingKey::from_ed_der(x),
            KeyMaterial::Secret(secret) if algorithm.family() == AlgorithmFamily::Hmac => {
                DecodingKey::from_secret(secret.octets())
            }
            KeyMaterial::Secret(_) => return None,
        };
        Some(Self { algorithm, key })
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        // A verifier is not `Sync`, so a new verifier is created for each token. The key is decoded
        // once and used for all tokens.
        (DEFAULT_PROVIDER.verifier_factory)(&self.algorithm, &self.key)
            .is_ok_and(|verifier| verifier.verify(message, &signature.to_vec()).is_ok())
    }
}

pub(super) fn is_supported(algorithm: Algorithm) -> bool {
    backend_algorithm(algorithm).is_some()
}

/// Returns true if the point is on its curve. jsonwebtoken does not detect an invalid point when it
/// parses a key, but only when it verifies a signature.
fn is_on_curve(curve: Curve, point: &[u8]) -> bool {
    match curve {
        Curve::P256 => p256::PublicKey::from_sec1_bytes(point).is_ok(),
        Curve::P384 => p384::PublicKey::from_sec1_bytes(point).is_ok(),
        Curve::P521 => false,
    }
}

fn backend_algorithm(algorithm: Algorithm) -> Option<Alg> {
    algorithm.name().parse().ok()
}
