//! Builds key sets from keys that have no `kid`: public keys in PEM and DER, and shared secrets.

use super::KeySet;
use crate::algorithm::Algorithm;
use crate::keys::public_key::{PublicKeyError, der, pem};
use crate::pem::is_pem;
use crate::token::signature::{KeyMaterial, Secret};

impl KeySet {
    /// Reads the public keys of a text in PEM.
    pub(crate) fn from_pem(text: &str, allowed: &[Algorithm]) -> Result<Self, PublicKeyError> {
        Ok(Self::of_public_keys(pem::public_keys(text)?, allowed)?)
    }

    /// Reads a `SubjectPublicKeyInfo` in DER.
    pub(crate) fn from_der(der: &[u8], allowed: &[Algorithm]) -> Result<Self, PublicKeyError> {
        if str::from_utf8(der).is_ok_and(is_pem) {
            return Err("it is PEM and not DER: use `public_key_pem`".into());
        }
        Ok(Self::of_public_keys(vec![der::public_key(der)?], allowed)?)
    }

    /// Returns a key set with a secret that verifies tokens of these algorithms.
    pub(crate) fn of_secret(secret: Secret, allowed: &[Algorithm]) -> Result<Self, &'static str> {
        let mut set = Self::default();
        set.add_key(None, KeyMaterial::Secret(secret), &Algorithm::HMAC, allowed)?;
        Ok(set)
    }

    /// Returns a key set with these keys. Two keys for the same algorithm are an error, because a
    /// token without a `kid` does not identify the key that signed it.
    fn of_public_keys(keys: Vec<KeyMaterial>, allowed: &[Algorithm]) -> Result<Self, &'static str> {
        let mut set = Self::default();
        for key in keys {
            let algorithms = key.algorithms();
            set.add_key(None, key, algorithms, allowed)?;
        }
        if allowed.iter().any(|algorithm| set.is_ambiguous_without_kid(*algorithm)) {
            return Err("it has several keys for the same algorithm: keep one, or use a JWK set \
                        whose keys have a `kid`");
        }
        Ok(set)
    }
}
