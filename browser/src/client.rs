//! The client that the application is at the provider.

use std::fmt;

/// The identifier and the secret of the client. The `Debug` output does not contain the secret.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) id: String,
    /// `None` for a public client.
    pub(crate) secret: Option<String>,
    /// The audiences that an ID token may name beside the client.
    pub(crate) id_token_audiences: Vec<String>,
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Client").field("id", &self.id).finish_non_exhaustive()
    }
}
