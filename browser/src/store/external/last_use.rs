//! The time of the last use of a session, in a record of its own: a save of the session itself could
//! overwrite new tokens with old ones.

use std::time::{Duration, SystemTime};

use super::super::StoreError;
use super::ExternalStore;
use crate::session::{SessionKey, SessionRecord};
use crate::telemetry;

/// The part of the idle limit after which a use is written again.
const PRECISION: u32 = 8;

impl ExternalStore {
    /// Returns the time of the last use that was written. Reads nothing without an idle limit.
    pub(super) async fn last_use(
        &self,
        key: &SessionKey,
    ) -> Result<Option<SystemTime>, StoreError> {
        if self.settings.idle.is_none() {
            return Ok(None);
        }
        let value = self.records.load(self.names.last_use(key)).await?;
        Ok(value.and_then(|value| serde_json::from_value(value).ok()))
    }

    /// Returns true if nobody used the session for longer than the idle limit.
    pub(super) fn is_idle(
        &self,
        record: &SessionRecord,
        used_at: Option<SystemTime>,
        now: SystemTime,
    ) -> bool {
        let Some(idle) = self.settings.idle else { return false };
        let idle_end = used_at.unwrap_or(record.began_at).checked_add(idle);
        idle_end.is_some_and(|idle_end| idle_end <= now)
    }

    /// Writes the time of a use, if the last one that was written is old. A failure is not an error
    /// of the request: the session may only end earlier.
    pub(super) async fn note_use(
        &self,
        key: &SessionKey,
        record: &SessionRecord,
        used_at: Option<SystemTime>,
        now: SystemTime,
    ) {
        let Some(idle) = self.settings.idle else { return };
        let age = now.duration_since(used_at.unwrap_or(record.began_at)).unwrap_or_default();
        if age >= idle / PRECISION
            && let Err(error) = self.write_use(key, used_at.is_some(), idle, now).await
        {
            telemetry::use_not_written(&error);
        }
    }

    async fn write_use(
        &self,
        key: &SessionKey,
        exists: bool,
        idle: Duration,
        now: SystemTime,
    ) -> Result<(), StoreError> {
        let id = self.names.last_use(key);
        let expires_at = now.checked_add(idle).unwrap_or(now);
        let value = serde_json::to_value(now)
            .map_err(|_| StoreError("the time is before the year 1970".into()))?;
        self.records.write(id, &value, expires_at, exists).await
    }
}
