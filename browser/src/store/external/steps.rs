//! The steps of each operation in the store. Their order makes an end final.

use std::time::SystemTime;

use futures_util::future::{try_join, try_join3};
use tower_sessions_core::session::Id;

use super::super::StoreError;
use super::ExternalStore;
use super::stored_session::StoredSession;
use crate::session::{SessionKey, SessionRecord};
use crate::telemetry;

/// A session that has not ended.
struct ReadSession {
    stored: StoredSession,
    /// The last use that was written.
    used_at: Option<SystemTime>,
}

impl ExternalStore {
    pub(super) async fn insert_session(
        &self,
        key: SessionKey,
        record: &SessionRecord,
        now: SystemTime,
    ) -> Result<(), StoreError> {
        // An end that comes after this read has an identifier which the session has not seen.
        let ends = self.load_ends(record).await?;
        let Ok(seen) = ends.before(record.began_at) else { return Ok(()) };
        if record.ends_at <= now {
            return Ok(());
        }
        let id = self.names.session(&key);
        let value = StoredSession { record, seen }.seal(&key, id)?;
        self.records.create(id, &value, record.ends_at).await
    }

    pub(super) async fn load_session(
        &self,
        key: SessionKey,
        now: SystemTime,
    ) -> Result<Option<SessionRecord>, StoreError> {
        let Some(session) = self.read_session(key, now).await? else { return Ok(None) };
        self.note_use(&key, &session.stored.record, session.used_at, now).await;
        Ok(Some(session.stored.record))
    }

    async fn read_session(
        &self,
        key: SessionKey,
        now: SystemTime,
    ) -> Result<Option<ReadSession>, StoreError> {
        let id = self.names.session(&key);
        let (value, end, used_at) = try_join3(
            self.records.load(id),
            self.records.load(self.names.end_of_session(&key)),
            self.last_use(&key),
        )
        .await?;
        let (Some(value), None) = (value, end) else { return Ok(None) };
        let Some(stored) = StoredSession::open(&value, &key, id) else {
            telemetry::record_unreadable();
            return Ok(None);
        };
        let ends = self.load_ends(&stored.record).await?;
        let is_alive = now < stored.record.ends_at
            && !self.is_idle(&stored.record, used_at, now)
            && !ends.came_after(&stored.seen);
        Ok(is_alive.then_some(ReadSession { stored, used_at }))
    }

    pub(super) async fn replace_session(
        &self,
        key: SessionKey,
        record: &SessionRecord,
        now: SystemTime,
    ) -> Result<bool, StoreError> {
        let Some(session) = self.read_session(key, now).await? else { return Ok(false) };
        let id = self.names.session(&key);
        let replacement = StoredSession { record, seen: session.stored.seen };
        let value = replacement.seal(&key, id)?;
        if let Err(error) = self.records.save(id, &value, record.ends_at).await {
            // Some stores fail if the record is missing: then the session has ended meanwhile.
            return match self.records.load(id).await? {
                Some(_) => Err(error),
                None => Ok(false),
            };
        }
        // Other stores write a missing record anew. Its end was written before it was deleted.
        let has_ended = self.has_ended(&key, &replacement).await?;
        if has_ended {
            self.delete(id).await;
        }
        Ok(!has_ended)
    }

    pub(super) async fn end_session(
        &self,
        key: SessionKey,
        now: SystemTime,
    ) -> Result<Option<SessionRecord>, StoreError> {
        let id = self.names.session(&key);
        let session = self.read_session(key, now).await?;
        // A record that this version cannot read gets an end too. An unknown session gets none, so
        // that invented cookies do not fill the store.
        if session.is_none() && self.records.load(id).await?.is_none() {
            return Ok(None);
        }
        self.write_end(self.names.end_of_session(&key), now).await?;
        self.delete(id).await;
        Ok(session.map(|session| session.stored.record))
    }

    async fn has_ended(
        &self,
        key: &SessionKey,
        session: &StoredSession<&SessionRecord>,
    ) -> Result<bool, StoreError> {
        let end_of_session = self.records.load(self.names.end_of_session(key));
        let (end, ends) = try_join(end_of_session, self.load_ends(session.record)).await?;
        Ok(end.is_some() || ends.came_after(&session.seen))
    }

    /// Deletes the record of a session that has ended. A record that stays has no effect.
    async fn delete(&self, id: Id) {
        if let Err(error) = self.records.delete(id).await {
            telemetry::record_not_deleted(&error);
        }
    }
}
