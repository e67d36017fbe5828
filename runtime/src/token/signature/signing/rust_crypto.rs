//! Signs with the pure-Rust crates that jsonwebtoken uses.

use jsonwebtoken::crypto::rust_crypto::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm as Alg, EncodingKey};
use pkcs1::RsaPrivateKey;
use spki::der::Decode;

use super::PrivateKey;
use crate::algorithm::Algorithm;

/// The shortest modulus with which a key may sign, in octets (RFC 7518 section 3.3).
const LEAST_MODULUS: usize = 256;

pub(super) struct Key {
    algorithm: Alg,
    key: EncodingKey,
}

impl Key {
    pub(super) fn parse(algorithm: Algorithm, key: &PrivateKey) -> Option<Self> {
        let algorithm = algorithm.name().parse().ok()?;
        let key = match key {
            PrivateKey::Rsa(der) => {
                let modulus = RsaPrivateKey::from_der(der).ok()?.modulus;
                if modulus.as_bytes().len() < LEAST_MODULUS {
                    return None;
                }
                EncodingKey::from_rsa_der(der)
            }
            PrivateKey::Ec(der) => EncodingKey::from_ec_der(der),
            PrivateKey::Ed25519(der) => EncodingKey::from_ed_der(der),
        };
        let parsed = Self { algorithm, key };
        // The backend finds a damaged key only when it signs.
        parsed.sign(b"").is_some().then_some(parsed)
    }

    pub(super) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let signer = (DEFAULT_PROVIDER.signer_factory)(&self.algorithm, &self.key).ok()?;
        signer.try_sign(message).ok()
    }
}
