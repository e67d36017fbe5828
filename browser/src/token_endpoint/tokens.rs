//! The tokens of a response.

use std::fmt;
use std::time::SystemTime;

/// The tokens of a response of the token endpoint. The `Debug` output contains none of them.
pub(crate) struct Tokens {
    pub(crate) access_token: String,
    pub(crate) access_token_expires_at: SystemTime,
    pub(crate) refresh_token: Option<String>,
    pub(crate) id_token: Option<String>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Tokens")
            .field("access_token_expires_at", &self.access_token_expires_at)
            .finish_non_exhaustive()
    }
}
