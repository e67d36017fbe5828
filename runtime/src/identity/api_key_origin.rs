//! The facts about an API key that its verifier needs to judge it again.

use std::sync::{Arc, LazyLock};
use std::time::SystemTime;

use crate::api_key::KeyDigest;
use crate::token::{Dialect, Provider};

/// The names of the claims of API keys: those of RFC 9068, and `tenant`.
pub(super) static DIALECT: LazyLock<Dialect> = LazyLock::new(|| Dialect {
    client: vec!["client_id".to_owned()],
    tenant: Some("tenant".to_owned()),
    ..Provider::Standard.dialect()
});

/// The facts about an API key.
pub(crate) struct ApiKeyOrigin {
    pub(crate) digest: KeyDigest,
    pub(crate) name: Option<Arc<str>>,
    pub(crate) expires_at: Option<SystemTime>,
    /// The number of the look-up that found the key. `None` for a configured key.
    pub(crate) look_up_number: Option<u64>,
}

impl ApiKeyOrigin {
    /// Returns true if the key has expired. The server that set the time compares it with its own
    /// clock, so there is no leeway.
    pub(crate) fn is_expired(&self, now: SystemTime) -> bool {
        self.expires_at.is_some_and(|time| time <= now)
    }
}
