//! The behaviour of the token endpoint, which a test can change.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
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

/// The present behaviour and the number of refresh requests.
#[derive(Default)]
pub(super) struct TokenEndpointState {
    behaviour: Mutex<TokenEndpoint>,
    refreshes: AtomicUsize,
}

impl TokenEndpointState {
    pub(super) fn set(&self, behaviour: TokenEndpoint) {
        *self.behaviour.lock().unwrap_or_else(PoisonError::into_inner) = behaviour;
    }

    pub(super) fn get(&self) -> TokenEndpoint {
        *self.behaviour.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn count_refresh(&self) {
        self.refreshes.fetch_add(1, Ordering::SeqCst);
    }

    pub(super) fn refreshes(&self) -> usize {
        self.refreshes.load(Ordering::SeqCst)
    }
}
