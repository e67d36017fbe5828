//! The identifier of a session on the server, and the keys that are made of it.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// The number of random bytes in an identifier.
const LENGTH: usize = 32;

/// The secret in the cookie of a session: random bytes, written as base64url.
pub(crate) struct SessionId(String);

/// The name of a session, which stays the same while the session lasts. It is not a secret.
pub(crate) type SessionName = [u8; 32];

/// The keys of a session, which only its identifier gives. Whoever reads a store cannot make a
/// cookie from it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SessionKey {
    /// The name of the session in a store.
    pub(crate) lookup: SessionName,
    /// The secret that encrypts the record of the session outside of this process. A store never
    /// gets it.
    pub(crate) encryption: [u8; 32],
}

impl SessionId {
    /// Creates an identifier from the random numbers of the system.
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; LENGTH];
        getrandom::fill(&mut bytes)?;
        Ok(Self(BASE64_URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Reads the value of a cookie. Returns `None` for a value that is not an identifier.
    pub(crate) fn read(value: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(value).ok()?;
        (bytes.len() == LENGTH).then(|| Self(value.to_owned()))
    }

    /// Returns the value of the cookie.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn key(&self) -> SessionKey {
        SessionKey {
            lookup: self.derive(b"axum-protected session lookup"),
            encryption: self.derive(b"axum-protected session encryption"),
        }
    }

    /// Derives a key from the identifier, which is as random as a key must be: a hash suffices.
    fn derive(&self, purpose: &[u8]) -> [u8; 32] {
        Sha256::new().chain_update(&self.0).chain_update(purpose).finalize().into()
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SessionId").finish_non_exhaustive()
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SessionKey").finish_non_exhaustive()
    }
}
