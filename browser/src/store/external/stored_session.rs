//! The encrypted value of a session in a store.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower_sessions_core::session::Id;

use super::super::StoreError;
use super::ends::SeenEnds;
use crate::seal::{CipherKey, Sealed};
use crate::session::{SessionKey, SessionRecord};

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
        let text = serde_json::to_vec(self)
            .map_err(|_| StoreError("the session cannot be written as JSON".into()))?;
        let sealed = CipherKey::new(&key.encryption).seal(&context(id), &text);
        sealed
            .map(Value::String)
            .map_err(|error| StoreError(format!("the session cannot be encrypted: {error}")))
    }
}

impl StoredSession {
    /// Decrypts a session. Returns `None` for a value of another version, another session or
    /// another program.
    pub(super) fn open(value: &Value, key: &SessionKey, id: Id) -> Option<Self> {
        let sealed = Sealed::read(value.as_str()?)?;
        let text = CipherKey::new(&key.encryption).open(&context(id), &sealed)?;
        serde_json::from_slice(&text).ok()
    }
}

/// Returns the place of a session. A value that is moved to another record does not open.
fn context(id: Id) -> [u8; 16] {
    id.0.to_le_bytes()
}
