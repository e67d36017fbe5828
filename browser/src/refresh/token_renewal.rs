//! The provider's part of a refresh, as an interface.

use std::pin::Pin;
use std::time::SystemTime;

use crate::session::SessionRecord;
use crate::token_endpoint::Tokens;

/// Renews the tokens of sessions at the provider.
pub(crate) trait TokenRenewal: Send + Sync {
    /// Returns the time of the server's clock.
    fn now(&self) -> SystemTime;

    /// Uses the refresh token of a session, and verifies the ID token of the response.
    fn renew<'a>(
        &'a self,
        record: &'a SessionRecord,
    ) -> RenewalFuture<'a, Result<Tokens, RenewalError>>;

    /// Revokes a refresh token that nobody will use. A failure only goes to the log.
    fn revoke<'a>(&'a self, refresh_token: &'a str) -> RenewalFuture<'a, ()>;
}

pub(crate) type RenewalFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The reason why the tokens of a session were not renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RenewalError {
    /// The provider does not accept the refresh token any more (`invalid_grant`).
    Refused,
    /// The ID token of the response belongs to another user. It contains the text for the log.
    OtherSubject(String),
    /// There was no usable answer. It contains the text for the log.
    Unavailable(String),
}
