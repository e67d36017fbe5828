//! The opaque access tokens that exist, and the access tokens that are revoked.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::time::Instant;

use super::expiring::Expiring;
use super::secret;

/// The longest lifetime of an access token: a year.
pub(super) const LONGEST_LIFETIME: Duration = Duration::from_secs(365 * 24 * 3600);

/// The greatest number of opaque tokens, of revoked tokens and of ended sessions.
const CAPACITY: usize = 10_000;

/// The access tokens of an authorization server that cannot be judged by their signature alone.
/// Tokens are stored by their digest.
#[derive(Debug)]
pub(crate) struct IssuedTokens(Mutex<State>);

#[derive(Debug)]
struct State {
    /// The claims of the opaque tokens.
    opaque: Expiring<Map<String, Value>>,
    revoked: Expiring<()>,
    ended_sessions: Expiring<()>,
}

impl Default for IssuedTokens {
    fn default() -> Self {
        Self(Mutex::new(State {
            opaque: Expiring::new(LONGEST_LIFETIME, CAPACITY),
            revoked: Expiring::new(LONGEST_LIFETIME, CAPACITY),
            ended_sessions: Expiring::new(LONGEST_LIFETIME, CAPACITY),
        }))
    }
}

impl IssuedTokens {
    /// Stores the claims of a new opaque token, and returns the token. The token is empty, and
    /// nothing is stored, if the operating system returns no randomness.
    pub(crate) fn issue(&self, claims: Map<String, Value>) -> String {
        let Ok(token) = secret::random() else {
            return String::new();
        };
        self.state().opaque.insert(secret::digest(&token), claims, Instant::now());
        token
    }

    /// Returns the claims of an opaque token.
    pub(super) fn claims(&self, token: &str) -> Option<Map<String, Value>> {
        self.state().opaque.get(&secret::digest(token), Instant::now()).map(|claims| claims.clone())
    }

    /// Revokes an access token of either kind.
    pub(super) fn revoke(&self, token: &str) {
        self.state().revoked.insert(secret::digest(token), (), Instant::now());
    }

    /// Revokes the access tokens of a session.
    pub(super) fn end_session(&self, session: &str) {
        self.state().ended_sessions.insert(session.to_owned(), (), Instant::now());
    }

    /// Returns true if the token, or its session, is revoked.
    pub(super) fn is_revoked(&self, token: &str, session: Option<&str>) -> bool {
        let now = Instant::now();
        let mut state = self.state();
        state.revoked.get(&secret::digest(token), now).is_some()
            || session.is_some_and(|session| state.ended_sessions.get(session, now).is_some())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
