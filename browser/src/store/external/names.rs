//! The names of records in the store.

use sha2::{Digest as _, Sha256};
use tower_sessions_core::session::Id;

use crate::session::SessionKey;

/// Names records by hashes, so that the store contains neither cookies nor users. Backends with
/// another issuer or client use other names in the same store.
pub(super) struct Names {
    /// The hash that the name of each record begins with.
    scope: Sha256,
}

impl Names {
    pub(super) fn new(issuer: &str, client_id: &str) -> Self {
        let mut scope = Sha256::new();
        for text in ["axum-protected session store", issuer, client_id] {
            scope.update(text.len().to_be_bytes());
            scope.update(text);
        }
        Self { scope }
    }

    /// Names the record of a session.
    pub(super) fn session(&self, key: &SessionKey) -> Id {
        self.name(*b"session ", &key.lookup)
    }

    /// Names the time of the last use of a session.
    pub(super) fn last_use(&self, key: &SessionKey) -> Id {
        self.name(*b"last use", &key.lookup)
    }

    /// Names the end of a session.
    pub(super) fn end_of_session(&self, key: &SessionKey) -> Id {
        self.name(*b"end sess", &key.lookup)
    }

    /// Names the end of the sessions that belong to a session at the provider.
    pub(super) fn end_of_provider_session(&self, provider_session: &str) -> Id {
        self.name(*b"end sid ", provider_session.as_bytes())
    }

    /// Names the end of the sessions of a subject.
    pub(super) fn end_of_subject(&self, subject: &str) -> Id {
        self.name(*b"end sub ", subject.as_bytes())
    }

    /// Returns the first 128 bits of a hash. The purposes have one length, so that no purpose and
    /// name give the same text as two others.
    fn name(&self, purpose: [u8; 8], name: &[u8]) -> Id {
        let hash = self.scope.clone().chain_update(purpose).chain_update(name).finalize();
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(hash).for_each(|(byte, hashed)| *byte = hashed);
        Id(i128::from_le_bytes(bytes))
    }
}
