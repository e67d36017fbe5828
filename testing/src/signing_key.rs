//! A private key or a shared secret that signs access tokens.

use aws_lc_rs::encoding::{AsBigEndian, Curve25519SeedBin, EcPrivateKeyBin};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
    ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair,
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384,
    RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
};
use serde_json::{Map, Value, json};

use super::digest::encode;
use super::jws::members;
use axum_protected::Algorithm;

#[derive(Debug)]
pub(super) struct SigningKey {
    pub(super) algorithm: Algorithm,
    /// `None` for a shared secret and for the key of a proof.
    pub(super) kid: Option<String>,
    pair: Pair,
}

#[derive(Debug)]
enum Pair {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Secret(Box<hmac::Key>),
}

impl SigningKey {
    pub(super) fn generate(algorithm: Algorithm, kid: Option<String>) -> Result<Self, Unspecified> {
        let pair = match (ecdsa(algorithm), algorithm) {
            (Some(ecdsa), _) => Pair::Ec(EcdsaKeyPair::generate(ecdsa)?),
            (None, Algorithm::EdDSA) => Pair::Ed25519(Ed25519KeyPair::generate()?),
            (None, _) if Algorithm::HMAC.contains(&algorithm) => return Err(Unspecified),
            (None, _) => Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa2048)?),
        };
        Ok(Self { algorithm, kid, pair })
    }

    /// Returns a key for an HMAC algorithm, or `None` for another algorithm.
    pub(super) fn of_secret(algorithm: Algorithm, secret: &[u8]) -> Option<Self> {
        let hash = hash(algorithm)?;
        let key = hmac::Key::new(hash, secret);
        Some(Self { algorithm, kid: None, pair: Pair::Secret(Box::new(key)) })
    }

    /// Returns the public key as a JWK (RFC 7517). Returns `None` for a shared secret, which must
    /// not be published.
    pub(super) fn jwk(&self) -> Option<Value> {
        let mut jwk = self.public_members()?;
        jwk.insert("kid".into(), self.kid.clone().into());
        jwk.insert("use".into(), "sig".into());
        jwk.insert("alg".into(), self.algorithm.name().into());
        Some(Value::Object(jwk))
    }

    /// Returns the members that a public JWK must have (RFC 7518 section 6, RFC 8037 section 2).
    /// Returns `None` for a shared secret.
    pub(super) fn public_members(&self) -> Option<Map<String, Value>> {
        let jwk = match &self.pair {
            Pair::Secret(_) => return None,
            Pair::Rsa(pair) => {
                let public = pair.public_key();
                let n = public.modulus().big_endian_without_leading_zero();
                let e = public.exponent().big_endian_without_leading_zero();
                json!({ "kty": "RSA", "n": encode(n), "e": encode(e) })
            }
            Pair::Ec(pair) => {
                let (crv, x, y) = coordinates(pair.public_key().as_ref());
                json!({ "kty": "EC", "crv": crv, "x": encode(x), "y": encode(y) })
            }
            Pair::Ed25519(pair) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(pair.public_key().as_ref()) })
            }
        };
        Some(members(jwk))
    }

    /// Returns the member `d` of the private JWK. aws-lc-rs does not export the exponent of an RSA
    /// key, for which the text is random and has the right length.
    pub(super) fn private_member(&self) -> Option<String> {
        match &self.pair {
            Pair::Secret(_) => None,
            Pair::Rsa(pair) => {
                let mut octets = vec![0; pair.public_modulus_len()];
                fastrand::Rng::new().fill(&mut octets);
                Some(encode(octets))
            }
            Pair::Ec(pair) => {
                let d: EcPrivateKeyBin<'_> = pair.private_key().as_be_bytes().ok()?;
                Some(encode(d.as_ref()))
            }
            Pair::Ed25519(pair) => {
                let d: Curve25519SeedBin<'_> = pair.seed().ok()?.as_be_bytes().ok()?;
                Some(encode(d.as_ref()))
            }
        }
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(rsa(self.algorithm), &random, message, &mut signature)?;
                Ok(signature)
            }
            Pair::Ec(pair) => Ok(pair.sign(&random, message)?.as_ref().to_vec()),
            Pair::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            Pair::Secret(key) => Ok(hmac::sign(key, message).as_ref().to_vec()),
        }
    }
}

/// Returns the curve and the coordinates of an uncompressed point (SEC 1 section 2.3.3). The point
/// consists of the octet `04`, x and y.
fn coordinates(point: &[u8]) -> (&'static str, &[u8], &[u8]) {
    let coordinates = point.split_first().map_or(point, |(_, rest)| rest);
    let (x, y) = coordinates.split_at(coordinates.len() / 2);
    let curve = match x.len() {
        32 => "P-256",
        48 => "P-384",
        _ => "P-521",
    };
    (curve, x, y)
}

fn ecdsa(algorithm: Algorithm) -> Option<&'static EcdsaSigningAlgorithm> {
    match algorithm {
        Algorithm::ES256 => Some(&ECDSA_P256_SHA256_FIXED_SIGNING),
        Algorithm::ES384 => Some(&ECDSA_P384_SHA384_FIXED_SIGNING),
        Algorithm::ES512 => Some(&ECDSA_P521_SHA512_FIXED_SIGNING),
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

fn rsa(algorithm: Algorithm) -> &'static dyn RsaEncoding {
    match algorithm {
        Algorithm::RS384 => &RSA_PKCS1_SHA384,
        Algorithm::RS512 => &RSA_PKCS1_SHA512,
        Algorithm::PS256 => &RSA_PSS_SHA256,
        Algorithm::PS384 => &RSA_PSS_SHA384,
        Algorithm::PS512 => &RSA_PSS_SHA512,
        _ => &RSA_PKCS1_SHA256,
    }
}
