//! The signing keys of an issuer.

use std::io;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::jws::{Jws, members};
use super::signing_key::SigningKey;
use axum_protected::Algorithm;

/// Private keys, one for each algorithm, or a shared secret.
#[derive(Debug, Clone)]
pub struct SigningKeys(Arc<[SigningKey]>);

impl SigningKeys {
    /// Generates a key for each algorithm. In a debug build the generation of an RSA key takes
    /// seconds.
    ///
    /// # Errors
    ///
    /// Returns an error if the operating system returns no randomness, or if an algorithm needs a
    /// shared secret.
    pub fn generate(algorithms: &[Algorithm]) -> io::Result<Self> {
        let keys: Result<Vec<_>, _> = algorithms
            .iter()
            .map(|algorithm| {
                let kid = format!("{algorithm}-{:08x}", fastrand::u32(..));
                SigningKey::generate(*algorithm, Some(kid))
            })
            .collect();
        Ok(Self(keys.map_err(io::Error::other)?.into()))
    }

    /// Returns keys that sign like a program with this
    /// [`shared_secret`](axum_protected::Issuer::shared_secret): with HS256, or with the HMAC
    /// algorithm that [`TokenBuilder::algorithm`](crate::TokenBuilder::algorithm) selects. The
    /// tokens have no `kid`.
    ///
    /// ```
    /// use axum_protected::{Issuer, ResourceServer};
    /// use axum_protected_testing::{SigningKeys, TokenBuilder};
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// let secret = [7; 32];
    /// let server = ResourceServer::builder()
    ///     .issuer(Issuer::new("my-login").shared_secret(secret))
    ///     .audience("my-api")
    ///     .build()?;
    /// let keys = SigningKeys::shared_secret(secret);
    /// let token = TokenBuilder::new(&keys, "my-login", "my-api").subject("alice").sign();
    /// assert_eq!(server.authenticate(&token).await?.subject(), Some("alice"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn shared_secret(secret: impl AsRef<[u8]>) -> Self {
        let secret = secret.as_ref();
        let keys = Algorithm::HMAC.iter();
        Self(keys.filter_map(|algorithm| SigningKey::of_secret(*algorithm, secret)).collect())
    }

    /// Returns the JWK set with the public keys. A shared secret is not part of it.
    #[must_use]
    pub fn jwks(&self) -> Value {
        json!({ "keys": self.0.iter().filter_map(SigningKey::jwk).collect::<Vec<_>>() })
    }

    /// Returns the payload of a JWS that one of the keys has signed.
    pub(super) fn verify(&self, token: &str) -> Option<Map<String, Value>> {
        let jws = Jws::read(token)?;
        let mut keys = self.0.iter().filter_map(SigningKey::jwk).map(members);
        keys.any(|jwk| jws.is_signed_by(&jwk)).then_some(jws.payload)
    }

    /// Returns the key for an algorithm, or the first key if there is none for this algorithm.
    /// Returns `None` if there are no keys.
    pub(super) fn get(&self, algorithm: Option<Algorithm>) -> Option<&SigningKey> {
        self.0.iter().find(|key| Some(key.algorithm) == algorithm).or_else(|| self.0.first())
    }
}
