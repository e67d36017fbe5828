//! Reads and writes the records of ends.

use std::time::{Duration, SystemTime};

use futures_util::future::{OptionFuture, try_join};
use tower_sessions_core::session::Id;

use super::super::StoreError;
use super::ExternalStore;
use super::ends::{End, Ends};
use crate::session::SessionRecord;

/// The time that an end is kept longer than the sessions which it ended, for clocks that differ.
const CLOCK_DIFFERENCE: Duration = Duration::from_secs(3_600);

/// The number of attempts to write an end. Other instances may write the same one.
const ATTEMPTS: usize = 3;

impl ExternalStore {
    pub(super) async fn load_ends(&self, record: &SessionRecord) -> Result<Ends, StoreError> {
        let subject = self.load_end(self.names.end_of_subject(&record.subject));
        let provider_session = record.provider_session.as_deref().map(|provider_session| {
            self.load_end(self.names.end_of_provider_session(provider_session))
        });
        let provider_session =
            async { OptionFuture::from(provider_session).await.transpose().map(Option::flatten) };
        let (subject, provider_session) = try_join(subject, provider_session).await?;
        Ok(Ends { subject, provider_session })
    }

    async fn load_end(&self, id: Id) -> Result<Option<End>, StoreError> {
        let value = self.records.load(id).await?;
        Ok(value.as_ref().map(End::read))
    }

    /// Writes an end, and reads it again: a store may accept a record without keeping it.
    pub(super) async fn write_end(&self, id: Id, now: SystemTime) -> Result<(), StoreError> {
        let value = End::new_value(now)?;
        let lifetime = self.settings.session_lifetime.saturating_add(CLOCK_DIFFERENCE);
        let expires_at = now.checked_add(lifetime).ok_or_else(|| {
            StoreError("the lifetime of sessions exceeds the time of this system".into())
        })?;
        let earlier = self.records.load(id).await?;
        let mut present = earlier.clone();
        let (mut failure, mut is_expired) = (None, false);
        for _ in 0..ATTEMPTS {
            let exists = present.is_some() || is_expired;
            failure = self.records.write(id, &value, expires_at, exists).await.err();
            // A missing record that cannot be created has expired, and the store still has it.
            is_expired = !exists && failure.is_some();
            present = self.records.load(id).await?;
            // A later end of another instance, which came meanwhile, ends the same sessions.
            if present != earlier && present.as_ref().is_some_and(|end| End::is_since(end, now)) {
                return Ok(());
            }
        }
        Err(failure.unwrap_or_else(|| StoreError("the store did not keep a record".into())))
    }
}
