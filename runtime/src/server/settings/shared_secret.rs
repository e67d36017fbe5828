//! A secret that an issuer shares with this server, from a configuration.

use std::fmt;

use serde::{Deserialize, Deserializer};

/// Secret of an issuer that signs with HMAC. `Debug` does not write it.
#[derive(Clone)]
pub(in crate::server) enum SharedSecret {
    /// The octets of the secret.
    Octets(Vec<u8>),
    /// The octets as base64 or base64url, not decoded yet.
    Text(String),
}

impl<'de> Deserialize<'de> for SharedSecret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::Text)
    }
}

impl fmt::Debug for SharedSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SharedSecret(..)")
    }
}
