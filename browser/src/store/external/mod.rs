//! The adapter for stores of `tower-sessions`: Redis, SQL and others.
//!
//! These stores read and write single records. They have neither transactions nor a search, and some
//! of them write a record anew that was deleted. Hence an end is a record of its own, which no save
//! of a session overwrites: each read of a session looks for its end, for the end of its subject and
//! for the end of its session at the provider.

mod end_records;
mod ends;
mod last_use;
mod names;
mod records;
mod steps;
mod stored_session;
#[cfg(test)]
mod test_store;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use self::names::Names;
use self::records::Records;
use super::{SessionStore, StoreFuture};
use crate::session::{SessionKey, SessionRecord};

/// Keeps sessions in a store that several instances share.
pub(crate) struct ExternalStore {
    records: Records,
    names: Names,
    settings: ExternalSettings,
}

/// The settings of the sessions in an external store.
#[derive(Debug, Clone)]
pub(crate) struct ExternalSettings {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    /// The longest time from the beginning to the end of a session.
    pub(crate) session_lifetime: Duration,
    /// The time after which a session ends that nobody uses.
    pub(crate) idle: Option<Duration>,
}

impl ExternalStore {
    pub(crate) fn new(
        store: Arc<dyn tower_sessions_core::SessionStore>,
        settings: ExternalSettings,
    ) -> Self {
        let names = Names::new(&settings.issuer, &settings.client_id);
        Self { records: Records::new(store), names, settings }
    }
}

impl SessionStore for ExternalStore {
    fn insert(
        &self,
        key: SessionKey,
        record: Arc<SessionRecord>,
        now: SystemTime,
    ) -> StoreFuture<'_, ()> {
        Box::pin(async move { self.insert_session(key, &record, now).await })
    }

    fn load(
        &self,
        key: SessionKey,
        now: SystemTime,
    ) -> StoreFuture<'_, Option<Arc<SessionRecord>>> {
        Box::pin(async move { Ok(self.load_session(key, now).await?.map(Arc::new)) })
    }

    fn replace(
        &self,
        key: SessionKey,
        record: Arc<SessionRecord>,
        now: SystemTime,
    ) -> StoreFuture<'_, bool> {
        Box::pin(async move { self.replace_session(key, &record, now).await })
    }

    fn end(&self, key: SessionKey, now: SystemTime) -> StoreFuture<'_, Option<Arc<SessionRecord>>> {
        Box::pin(async move { Ok(self.end_session(key, now).await?.map(Arc::new)) })
    }

    fn end_provider_session<'a>(
        &'a self,
        provider_session: &'a str,
        now: SystemTime,
    ) -> StoreFuture<'a, ()> {
        let id = self.names.end_of_provider_session(provider_session);
        Box::pin(self.write_end(id, now))
    }

    fn end_subject<'a>(&'a self, subject: &'a str, now: SystemTime) -> StoreFuture<'a, ()> {
        Box::pin(self.write_end(self.names.end_of_subject(subject), now))
    }
}

impl fmt::Debug for ExternalStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ExternalStore").finish_non_exhaustive()
    }
}
