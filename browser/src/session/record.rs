//! The record of a session.

use std::fmt;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// The user, the tokens and the times of a session. The `Debug` output contains no tokens.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SessionRecord {
    /// The `sub` of the ID token.
    pub(crate) subject: String,
    /// The `sid` of the ID token: the session at the provider.
    pub(crate) provider_session: Option<String>,
    /// The `nonce` of the sign-in, which an ID token at a refresh repeats or leaves out.
    pub(crate) nonce: String,
    pub(crate) access_token: String,
    pub(crate) access_token_expires_at: SystemTime,
    pub(crate) refresh_token: Option<String>,
    /// The ID token, as the hint of the sign-out. `None` in a sealed session.
    pub(crate) id_token: Option<String>,
    pub(crate) began_at: SystemTime,
    /// The end of the session, whatever its tokens say.
    pub(crate) ends_at: SystemTime,
}

impl fmt::Debug for SessionRecord {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SessionRecord")
            .field("began_at", &self.began_at)
            .field("ends_at", &self.ends_at)
            .finish_non_exhaustive()
    }
}
