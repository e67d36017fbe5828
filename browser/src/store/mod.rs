//! The place in which the server keeps sessions.

use std::pin::Pin;

use crate::session::{SessionKey, SessionRecord};

/// Keeps the records of sessions.
pub(crate) trait SessionStore: Send + Sync {
    /// Adds a session.
    fn insert<'a>(&'a self, key: SessionKey, record: &'a SessionRecord) -> StoreFuture<'a, ()>;

    /// Returns the record of a session. Returns `None` if the session has ended.
    fn load(&self, key: SessionKey) -> StoreFuture<'_, Option<SessionRecord>>;

    /// Replaces the record of a session, and returns true. Returns false if the session has ended:
    /// a late save never brings it back.
    fn replace<'a>(&'a self, key: SessionKey, record: &'a SessionRecord) -> StoreFuture<'a, bool>;

    /// Ends a session, and returns its last record.
    fn end(&self, key: SessionKey) -> StoreFuture<'_, Option<SessionRecord>>;

    /// Ends the sessions that belong to this session at the provider, and returns their number.
    fn end_provider_session<'a>(&'a self, provider_session: &'a str) -> StoreFuture<'a, usize>;

    /// Ends all sessions of this subject, and returns their number.
    fn end_subject<'a>(&'a self, subject: &'a str) -> StoreFuture<'a, usize>;
}

/// The future of an operation of a store.
pub(crate) type StoreFuture<'a, T> =
    Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// The error of a store. The text contains neither keys nor records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoreError(pub(crate) String);
