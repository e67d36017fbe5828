//! The place in which the server keeps sessions.

#[cfg(test)]
pub(crate) mod behaviour;
#[cfg(feature = "tower_sessions")]
mod external;
#[cfg(test)]
pub(crate) mod interleaving;
mod memory;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::SystemTime;

use crate::session::{SessionKey, SessionRecord};

#[cfg(feature = "tower_sessions")]
pub(crate) use self::external::{ExternalSettings, ExternalStore};
pub(crate) use self::memory::{MemoryLimits, MemoryStore};

/// Keeps the records of sessions. The time of each call is the time of the server's clock.
///
/// An ended session never comes back: not by a late `replace`, and not by another instance. No
/// operation waits for another one, so that a logout does not wait for a refresh.
pub(crate) trait SessionStore: fmt::Debug + Send + Sync {
    /// Adds the session of a new sign-in. If its session at the provider or its subject was ended
    /// after `began_at`, the new session has ended too.
    fn insert(
        &self,
        key: SessionKey,
        record: Arc<SessionRecord>,
        now: SystemTime,
    ) -> StoreFuture<'_, ()>;

    /// Returns the record of a session. Returns `None` if the session has ended.
    fn load(&self, key: SessionKey, now: SystemTime)
    -> StoreFuture<'_, Option<Arc<SessionRecord>>>;

    /// Replaces the record of a session, and returns true. Returns false if the session has ended.
    /// The subject, the session at the provider and the times of the session must stay the same.
    fn replace(
        &self,
        key: SessionKey,
        record: Arc<SessionRecord>,
        now: SystemTime,
    ) -> StoreFuture<'_, bool>;

    /// Ends a session, and returns its last record. Returns `None` if it has ended before.
    fn end(&self, key: SessionKey, now: SystemTime) -> StoreFuture<'_, Option<Arc<SessionRecord>>>;

    /// Ends the sessions that belong to this session at the provider. None is a success too.
    fn end_provider_session<'a>(
        &'a self,
        provider_session: &'a str,
        now: SystemTime,
    ) -> StoreFuture<'a, ()>;

    /// Ends all sessions of this subject. None is a success too.
    fn end_subject<'a>(&'a self, subject: &'a str, now: SystemTime) -> StoreFuture<'a, ()>;
}

/// The future of an operation of a store.
pub(crate) type StoreFuture<'a, T> =
    Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// The error of a store. It does not end a session. The text contains neither keys nor records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoreError(pub(crate) String);

impl fmt::Display for StoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for StoreError {}
