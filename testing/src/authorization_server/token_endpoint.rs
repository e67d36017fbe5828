//! The behaviour of the token endpoint, which a test can change.

use std::time::Duration;

/// The behaviour of the token endpoint of an
/// [`AuthorizationServer`](super::AuthorizationServer), for tests of clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum TokenEndpoint {
    /// Answers each request. This is the behaviour after the start.
    #[default]
    Available,
    /// Answers each request after this time.
    Slow(Duration),
    /// Answers with 503.
    Unavailable,
    /// Never answers, and leaves the request without effect.
    Silent,
    /// Never answers, although the request has its effect: a refresh token is replaced, and the
    /// client does not learn the next one.
    LostAnswer,
    /// Answers with 400 and `invalid_grant`.
    InvalidGrant,
}
