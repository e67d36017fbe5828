//! The encrypted value of a session in a store.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower_sessions_core::session::Id;

use super::super::StoreError;
use super::ends::SeenEnds;
use crate::session::{SessionKey, SessionRecord};

/// The version of the format, before the encrypted bytes.
const VERSION: &str = "1.";

/// The number of bytes of a nonce. It is random, hence the cipher with the long nonce.
const NONCE: usize = 24;

/// A session as the store keeps it.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredSession<R = SessionRecord> {
    pub(super) record: R,
    /// The ends that were there before the session.
    pub(super) seen: SeenEnds,
}

impl<R: Serialize> StoredSession<R> {
    /// Encrypts the session with a key that only the cookie gives: whoever reads the store gets no
    /// tokens, and whoever writes to it cannot make a session.
    pub(super) fn seal(&self, key: &SessionKey, id: Id) -> Result<Value, StoreError> {
        let failed = |_| StoreError("the session cannot be encrypted".into());
        let plaintext = serde_json::to_vec(self)
            .map_err(|_| StoreError("the session cannot be written as JSON".into()))?;
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce)
            .map_err(|error| StoreError(format!("the system gives no random numbers: {error}")))?;
        let payload = Payload { msg: &plaintext, aad: &id.0.to_le_bytes() };
        let ciphertext = cipher(key).encrypt(&XNonce::from(nonce), payload).map_err(failed)?;
        let text = BASE64_URL_SAFE_NO_PAD.encode([nonce.as_slice(), &ciphertext].concat());
        Ok(Value::String(format!("{VERSION}{text}")))
    }
}

impl StoredSession {
    /// Decrypts a session. Returns `None` for a value of another version, another session or
    /// another program.
    pub(super) fn open(value: &Value, key: &SessionKey, id: Id) -> Option<Self> {
        let text = value.as_str()?.strip_prefix(VERSION)?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let (nonce, ciphertext) = bytes.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: ciphertext, aad: &id.0.to_le_bytes() };
        let plaintext = cipher(key).decrypt(&XNonce::from(*nonce), payload).ok()?;
        serde_json::from_slice(&plaintext).ok()
    }
}

fn cipher(key: &SessionKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&key.encryption.into())
}
