//! Records in a store of `tower-sessions`.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tower_sessions_core::SessionStore;
use tower_sessions_core::session::{Id, Record};
use tower_sessions_core::session_store::Error;

use super::super::StoreError;

/// The member of a record that contains its value.
const MEMBER: &str = "axum_protected";

/// The longest time for one call of the store. Some stores wait without end for a connection.
const TIMEOUT: Duration = Duration::from_secs(3);

/// The latest time that the calendar of the store can express: some years before the year 10000.
const LATEST: Duration = Duration::from_secs(253_000_000_000);

/// Reads and writes records that have one value each.
pub(super) struct Records(Arc<dyn SessionStore>);

impl Records {
    pub(super) fn new(store: Arc<dyn SessionStore>) -> Self {
        Self(store)
    }

    /// Returns the value of a record. The value is null if the record is from another program.
    pub(super) async fn load(&self, id: Id) -> Result<Option<Value>, StoreError> {
        let record = call(self.0.load(&id)).await?;
        Ok(record.map(|mut record| record.data.remove(MEMBER).unwrap_or_default()))
    }

    /// Writes a record that does not exist yet.
    pub(super) async fn create(
        &self,
        id: Id,
        value: &Value,
        expires_at: SystemTime,
    ) -> Result<(), StoreError> {
        let mut record = record(id, value, expires_at);
        call(self.0.create(&mut record)).await?;
        if record.id == id {
            return Ok(());
        }
        // The record existed, and the store wrote this one under a random id.
        call(self.0.delete(&record.id)).await?;
        Err(StoreError("the store has another record under the same id".into()))
    }

    /// Writes a record that exists. Some stores write a missing record too; others fail.
    pub(super) async fn save(
        &self,
        id: Id,
        value: &Value,
        expires_at: SystemTime,
    ) -> Result<(), StoreError> {
        call(self.0.save(&record(id, value, expires_at))).await
    }

    /// Writes a record of which it is known whether it exists.
    pub(super) async fn write(
        &self,
        id: Id,
        value: &Value,
        expires_at: SystemTime,
        exists: bool,
    ) -> Result<(), StoreError> {
        if exists {
            self.save(id, value, expires_at).await
        } else {
            self.create(id, value, expires_at).await
        }
    }

    pub(super) async fn delete(&self, id: Id) -> Result<(), StoreError> {
        call(self.0.delete(&id)).await
    }
}

fn record(id: Id, value: &Value, expires_at: SystemTime) -> Record {
    let expires_at = expires_at.min(SystemTime::UNIX_EPOCH + LATEST);
    let data = HashMap::from([(MEMBER.to_owned(), value.clone())]);
    Record { id, data, expiry_date: expires_at.into() }
}

async fn call<T>(result: impl Future<Output = Result<T, Error>>) -> Result<T, StoreError> {
    match tokio::time::timeout(TIMEOUT, result).await {
        Ok(result) => result.map_err(|error| StoreError(format!("the store failed: {error}"))),
        Err(_) => Err(StoreError(format!("the store did not answer in {TIMEOUT:?}"))),
    }
}
