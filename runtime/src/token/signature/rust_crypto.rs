//! Signatures by the pure-Rust crates behind jsonwebtoken.
//!
//! Its provider is called directly, never through the process-wide default: that one panics as soon
//! as another crate in the build enables the other backend.

use jsonwebtoken::crypto::rust_crypto::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm as Alg, DecodingKey};

use super::PublicKey;
use crate::algorithm::Algorithm;

#[derive(Debug)]
pub(super) struct Key {
    algorithm: Alg,
    key: DecodingKey,
}

impl Key {
    pub(super) fn parse(algorithm: Algorithm, key: &PublicKey) -> Option<Self> {
        let key = match key {
            PublicKey::Rsa { n, e } => DecodingKey::from_rsa_raw_components(n, e),
            PublicKey::Ec { point, .. } => DecodingKey::from_ec_der(point),
            PublicKey::Ed25519 { x } => DecodingKey::from_ed_der(x),
        };
        let algorithm = known(algorithm)?;
        Some(Self { algorithm, key })
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        // A verifier is not `Sync`, so it is made for each token; the key stays decoded.
        (DEFAULT_PROVIDER.verifier_factory)(&self.algorithm, &self.key)
            .is_ok_and(|verifier| verifier.verify(message, &signature.to_vec()).is_ok())
    }
}

pub(super) fn is_supported(algorithm: Algorithm) -> bool {
    known(algorithm).is_some()
}

fn known(algorithm: Algorithm) -> Option<Alg> {
    algorithm.name().parse().ok()
}
