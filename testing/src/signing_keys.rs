//! The keys that an issuer signs with, and the set that it publishes of them.

use std::io;
use std::sync::Arc;

use serde_json::{Value, json};

use super::signing_key::SigningKey;
use axum_protected::Algorithm;

/// Real private keys, one for each algorithm, made on the spot.
#[derive(Debug, Clone)]
pub struct SigningKeys(Arc<[SigningKey]>);

impl SigningKeys {
    /// Makes a key for each algorithm. RSA keys take a while in a debug build.
    ///
    /// # Errors
    ///
    /// When the operating system gives no randomness.
    pub fn generate(algorithms: &[Algorithm]) -> io::Result<Self> {
        let keys: Result<Vec<_>, _> = algorithms
            .iter()
            .map(|algorithm: &Algorithm| {
                let kid = format!("{algorithm}-{:08x}", fastrand::u32(..));
                SigningKey::generate(*algorithm, kid)
            })
            .collect();
        Ok(Self(keys.map_err(io::Error::other)?.into()))
    }

    /// The JWK set with the public halves.
    #[must_use]
    pub fn jwks(&self) -> Value {
        json!({ "keys": self.0.iter().map(SigningKey::jwk).collect::<Vec<_>>() })
    }

    /// The key for an algorithm; the first one where there is none.
    pub(super) fn get(&self, algorithm: Option<Algorithm>) -> Option<&SigningKey> {
        self.0
            .iter()
            .find(|key: &&SigningKey| Some(key.algorithm) == algorithm)
            .or_else(|| self.0.first())
    }
}
