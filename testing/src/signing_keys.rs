//! The signing keys of an issuer.

use std::io;
use std::sync::Arc;

use serde_json::{Value, json};

use super::signing_key::SigningKey;
use axum_protected::Algorithm;

/// Private keys, one for each algorithm.
#[derive(Debug, Clone)]
pub struct SigningKeys(Arc<[SigningKey]>);

impl SigningKeys {
    /// Generates a key for each algorithm. In a debug build the generation of an RSA key takes
    /// seconds.
    ///
    /// # Errors
    ///
    /// Returns an error if the operating system returns no randomness.
    pub fn generate(algorithms: &[Algorithm]) -> io::Result<Self> {
        let keys: Result<Vec<_>, _> = algorithms
            .iter()
            .map(|algorithm| {
                let kid = format!("{algorithm}-{:08x}", fastrand::u32(..));
                SigningKey::generate(*algorithm, kid)
            })
            .collect();
        Ok(Self(keys.map_err(io::Error::other)?.into()))
    }

    /// Returns the JWK set with the public keys.
    #[must_use]
    pub fn jwks(&self) -> Value {
        json!({ "keys": self.0.iter().map(SigningKey::jwk).collect::<Vec<_>>() })
    }

    /// Returns the key for an algorithm, or the first key if there is none for this algorithm.
    /// Returns `None` if there are no keys.
    pub(super) fn get(&self, algorithm: Option<Algorithm>) -> Option<&SigningKey> {
        self.0.iter().find(|key| Some(key.algorithm) == algorithm).or_else(|| self.0.first())
    }
}
