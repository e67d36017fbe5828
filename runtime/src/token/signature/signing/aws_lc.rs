//! Signs with aws-lc-rs.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
    ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512,
    RsaEncoding, RsaKeyPair,
};

use super::PrivateKey;
use crate::algorithm::Algorithm;

/// The shortest modulus with which a key may sign, in octets (RFC 7518 section 3.3).
const LEAST_MODULUS: usize = 256;

pub(super) enum Key {
    Rsa(RsaKeyPair, &'static dyn RsaEncoding),
    Ec(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl Key {
    pub(super) fn parse(algorithm: Algorithm, key: &PrivateKey) -> Option<Self> {
        match key {
            PrivateKey::Rsa(der) => {
                let pair = RsaKeyPair::from_der(der).ok()?;
                let is_long = pair.public_modulus_len() >= LEAST_MODULUS;
                is_long.then_some(Self::Rsa(pair, rsa(algorithm)?))
            }
            PrivateKey::Ec(der) => {
                let algorithm = match algorithm {
                    Algorithm::ES256 => &ECDSA_P256_SHA256_FIXED_SIGNING,
                    Algorithm::ES384 => &ECDSA_P384_SHA384_FIXED_SIGNING,
                    Algorithm::ES512 => &ECDSA_P521_SHA512_FIXED_SIGNING,
                    _ => return None,
                };
                EcdsaKeyPair::from_pkcs8(algorithm, der).ok().map(Self::Ec)
            }
            PrivateKey::Ed25519(der) => {
                Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).ok().map(Self::Ed25519)
            }
        }
    }

    pub(super) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(pair, encoding) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*encoding, &random, message, &mut signature).ok()?;
                Some(signature)
            }
            Self::Ec(pair) => Some(pair.sign(&random, message).ok()?.as_ref().to_vec()),
            Self::Ed25519(pair) => Some(pair.sign(message).as_ref().to_vec()),
        }
    }
}

fn rsa(algorithm: Algorithm) -> Option<&'static dyn RsaEncoding> {
    match algorithm {
        Algorithm::RS256 => Some(&RSA_PKCS1_SHA256),
        Algorithm::RS384 => Some(&RSA_PKCS1_SHA384),
        Algorithm::RS512 => Some(&RSA_PKCS1_SHA512),
        Algorithm::PS256 => Some(&RSA_PSS_SHA256),
        Algorithm::PS384 => Some(&RSA_PSS_SHA384),
        Algorithm::PS512 => Some(&RSA_PSS_SHA512),
        _ => None,
    }
}
