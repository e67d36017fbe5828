//! Verifies signatures with aws-lc-rs.
//!
//! This module does not use jsonwebtoken, because the verifiers of jsonwebtoken parse the key again
//! for each token, are not `Sync` and do not support ES512.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519,
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384,
    RSA_PSS_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents, VerificationAlgorithm,
};

use super::KeyMaterial;
use crate::algorithm::Algorithm;

#[derive(Debug)]
pub(super) enum Key {
    Public(ParsedPublicKey),
    /// Boxed, because it is twenty times as large as a public key.
    Secret(Box<hmac::Key>),
}

impl Key {
    pub(super) fn parse(algorithm: Algorithm, key: &KeyMaterial) -> Option<Self> {
        let parsed = match key {
            KeyMaterial::Rsa { n, e } => {
                RsaPublicKeyComponents { n, e }.to_parsed_public_key(rsa(algorithm)?)
            }
            KeyMaterial::Ec { point, .. } => ParsedPublicKey::new(elliptic(algorithm)?, point),
            KeyMaterial::Ed25519 { x } => ParsedPublicKey::new(elliptic(algorithm)?, x),
            KeyMaterial::Secret(secret) => {
                let key = hmac::Key::new(hash(algorithm)?, secret.octets());
                return Some(Self::Secret(Box::new(key)));
            }
        };
        parsed.ok().map(Self::Public)
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Public(key) => key.verify_sig(message, signature).is_ok(),
            // The comparison takes constant time.
            Self::Secret(key) => hmac::verify(key, message, signature).is_ok(),
        }
    }
}

pub(super) fn is_supported(_: Algorithm) -> bool {
    true
}

fn rsa(algorithm: Algorithm) -> Option<&'static RsaParameters> {
    match algorithm {
        Algorithm::RS256 => Some(&RSA_PKCS1_2048_8192_SHA256),
        Algorithm::RS384 => Some(&RSA_PKCS1_2048_8192_SHA384),
        Algorithm::RS512 => Some(&RSA_PKCS1_2048_8192_SHA512),
        Algorithm::PS256 => Some(&RSA_PSS_2048_8192_SHA256),
        Algorithm::PS384 => Some(&RSA_PSS_2048_8192_SHA384),
        Algorithm::PS512 => Some(&RSA_PSS_2048_8192_SHA512),
        _ => None,
    }
}

fn elliptic(algorithm: Algorithm) -> Option<&'static dyn VerificationAlgorithm> {
    match algorithm {
        Algorithm::ES256 => Some(&ECDSA_P256_SHA256_FIXED),
        Algorithm::ES384 => Some(&ECDSA_P384_SHA384_FIXED),
        Algorithm::ES512 => Some(&ECDSA_P521_SHA512_FIXED),
        Algorithm::EdDSA => Some(&ED25519),
        _ => None,
    }
}

fn hash(algorithm: Algorithm) -> Option<hmac::Algorithm> {
    match algorithm {
        Algorithm::HS256 => Some(hmac::HMAC_SHA256),
        Algorithm::HS384 => Some(hmac::HMAC_SHA384),
        Algorithm::HS512 => Some(hmac::HMAC_SHA512),
        _ => None,
    }
}
