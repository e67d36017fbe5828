//! The store in the memory of this process.

mod ended_names;
mod index;
mod sessions;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use self::sessions::Sessions;
use super::{SessionStore, StoreError, StoreFuture};
use crate::session::{SessionKey, SessionRecord};

/// Keeps a limited number of sessions in memory. They end with the process.
///
/// Expired sessions are removed by later calls. If the store is full of sessions that have not
/// expired, a sign-in ends the oldest session of the same user, and fails if the user has none: it
/// never ends the session of another user.
pub(crate) struct MemoryStore {
    /// Locked for single steps only, never during a wait.
    sessions: Mutex<Sessions>,
}

/// The limits of a store in memory.
#[derive(Debug, Clone)]
pub(crate) struct MemoryLimits {
    /// The largest number of sessions.
    pub(crate) sessions: usize,
    /// The largest number of sessions of one user.
    pub(crate) sessions_of_subject: usize,
    /// The largest number of bytes of all sessions, judged at a sign-in. Tokens that grow at a
    /// refresh may exceed it.
    pub(crate) bytes: usize,
    /// The time after which a session ends that nobody uses.
    pub(crate) idle: Option<Duration>,
}

impl MemoryStore {
    pub(crate) fn new(limits: MemoryLimits) -> Self {
        Self { sessions: Mutex::new(Sessions::new(limits)) }
    }

    fn lock(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryLimits {
    fn default() -> Self {
        Self { sessions: 100_000, sessions_of_subject: 100, bytes: 512 * 1024 * 1024, idle: None }
    }
}

impl SessionStore for MemoryStore {
    fn insert(
        &self,
        key: SessionKey,
        record: Arc<SessionRecord>,
        now: SystemTime,
    ) -> StoreFuture<'_, ()> {
        ready(self.lock().insert(key, record, now))
    }

    fn load(
        &self,
        key: SessionKey,
        now: SystemTime,
    ) -> StoreFuture<'_, Option<Arc<SessionRecord>>> {
        ready(Ok(self.lock().load(key, now)))
    }

    fn replace(
        &self,
        key: SessionKey,
        record: Arc<SessionRecord>,
        now: SystemTime,
    ) -> StoreFuture<'_, bool> {
        ready(Ok(self.lock().replace(key, record, now)))
    }

    fn end(&self, key: SessionKey, now: SystemTime) -> StoreFuture<'_, Option<Arc<SessionRecord>>> {
        ready(Ok(self.lock().end(key, now)))
    }

    fn end_provider_session<'a>(
        &'a self,
        provider_session: &'a str,
        now: SystemTime,
    ) -> StoreFuture<'a, ()> {
        self.lock().end_provider_session(provider_session, now);
        ready(Ok(()))
    }

    fn end_subject<'a>(&'a self, subject: &'a str, now: SystemTime) -> StoreFuture<'a, ()> {
        self.lock().end_subject(subject, now);
        ready(Ok(()))
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("MemoryStore").finish_non_exhaustive()
    }
}

fn ready<'a, T: Send + 'a>(result: Result<T, StoreError>) -> StoreFuture<'a, T> {
    Box::pin(std::future::ready(result))
}
