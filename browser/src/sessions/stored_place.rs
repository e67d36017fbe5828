//! Sessions that a store of the server keeps.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::timeout;

use super::BeginError;
use crate::session::{SessionId, SessionKey, SessionRecord};
use crate::store::{SessionStore, StoreError, StoreFuture};

/// The longest time for which an operation waits for the store.
const PATIENCE: Duration = Duration::from_secs(5);

/// The sessions of a store, each operation bounded in time.
pub(super) struct StoredPlace {
    store: Arc<dyn SessionStore>,
}

impl StoredPlace {
    pub(super) fn new(store: Arc<dyn SessionStore>) -> Self {
        Self { store }
    }

    pub(super) async fn begin(
        &self,
        record: SessionRecord,
        now: SystemTime,
    ) -> Result<SessionId, BeginError> {
        let id = SessionId::random()?;
        bounded(self.store.insert(id.key(), Arc::new(record), now)).await?;
        Ok(id)
    }

    pub(super) fn find(value: &str) -> Option<SessionKey> {
        SessionId::read(value).map(|id| id.key())
    }

    pub(super) async fn load(
        &self,
        key: SessionKey,
        now: SystemTime,
    ) -> Result<Option<Arc<SessionRecord>>, StoreError> {
        bounded(self.store.load(key, now)).await
    }

    pub(super) async fn replace(
        &self,
        key: SessionKey,
        record: Arc<SessionRecord>,
        now: SystemTime,
    ) -> Result<bool, StoreError> {
        bounded(self.store.replace(key, record, now)).await
    }

    pub(super) async fn end(
        &self,
        key: SessionKey,
        now: SystemTime,
    ) -> Result<Option<Arc<SessionRecord>>, StoreError> {
        bounded(self.store.end(key, now)).await
    }

    pub(super) async fn end_provider_session(
        &self,
        session: &str,
        now: SystemTime,
    ) -> Result<(), StoreError> {
        bounded(self.store.end_provider_session(session, now)).await
    }

    pub(super) async fn end_subject(
        &self,
        subject: &str,
        now: SystemTime,
    ) -> Result<(), StoreError> {
        bounded(self.store.end_subject(subject, now)).await
    }
}

async fn bounded<T>(operation: StoreFuture<'_, T>) -> Result<T, StoreError> {
    timeout(PATIENCE, operation).await.unwrap_or_else(|_| {
        Err(StoreError(format!("no answer from the store within {} s", PATIENCE.as_secs())))
    })
}
