//! Signatures by the pure-Rust crates behind jsonwebtoken.
//!
//! Its provider is called directly, never through the process-wide default: that one panics as soon
//! as another crate in the build enables the other backend.

use jsonwebtoken::crypto::rust_crypto::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm as Alg, DecodingKey};

use super::{Curve, PublicKey};
use crate::algorithm::Algorithm;

#[derive(Debug)]
pub(super) struct Key {
    algorithm: Alg,
    key: DecodingKey,
}

impl Key {
    pub(super) fn parse(algorithm: Algorithm, key: &PublicKey) -> Option<Self> {
        let algorithm = known(algorithm)?;
        let key = match key {
            // The backend verifies nothing with longer ones.
            PublicKey::Rsa { n, .. } if n.len() > 512 => return None,
            PublicKey::Rsa { n, e } => DecodingKey::from_rsa_raw_components(n, e),
            PublicKey::Ec { curve, point } => {
                is_on_curve(*curve, point).then(|| DecodingKey::from_ec_der(point))?
            }
            PublicKey::Ed25519 { x } => DecodingKey::from_ed_der(x),
        };
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

/// jsonwebtoken would find out at the first signature only.
fn is_on_curve(curve: Curve, point: &[u8]) -> bool {
    match curve {
        Curve::P256 => p256::PublicKey::from_sec1_bytes(point).is_ok(),
        Curve::P384 => p384::PublicKey::from_sec1_bytes(point).is_ok(),
        Curve::P521 => false,
    }
}

fn known(algorithm: Algorithm) -> Option<Alg> {
    algorithm.name().parse().ok()
}
