//! The sessions in memory, as steps that do not wait.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::SystemTime;

use super::super::StoreError;
use super::MemoryLimits;
use super::ended_names::{EndedNames, Name};
use super::index::Index;
use crate::session::{SessionKey, SessionName, SessionRecord};
use crate::telemetry;

/// The bytes that a session takes beside the texts of its record: its places in the maps, and the
/// copies of its subject and of its session at the provider.
const OVERHEAD: usize = 512;

/// The largest number of expired sessions that one call removes, so that no call takes long.
const REMOVALS: usize = 1_000;

pub(super) struct Sessions {
    limits: MemoryLimits,
    entries: HashMap<SessionName, Entry>,
    /// The sessions in the order of their ends.
    deadlines: BTreeSet<(SystemTime, SessionName)>,
    of_subject: Index,
    of_provider_session: Index,
    ended_names: EndedNames,
    bytes: usize,
}

struct Entry {
    record: Arc<SessionRecord>,
    deadline: SystemTime,
    bytes: usize,
}

impl Sessions {
    pub(super) fn new(limits: MemoryLimits) -> Self {
        Self {
            limits,
            entries: HashMap::new(),
            deadlines: BTreeSet::new(),
            of_subject: Index::default(),
            of_provider_session: Index::default(),
            ended_names: EndedNames::default(),
            bytes: 0,
        }
    }

    pub(super) fn insert(
        &mut self,
        key: SessionKey,
        record: Arc<SessionRecord>,
        now: SystemTime,
    ) -> Result<(), StoreError> {
        self.remove_expired(now);
        if self.was_overtaken(&record) {
            return Ok(());
        }
        self.remove(key.lookup);
        self.make_room(&record)?;
        self.add(key.lookup, record, now);
        Ok(())
    }

    pub(super) fn load(&mut self, key: SessionKey, now: SystemTime) -> Option<Arc<SessionRecord>> {
        let entry = self.entries.get_mut(&key.lookup)?;
        if entry.deadline <= now {
            self.remove(key.lookup);
            return None;
        }
        let deadline = deadline(&self.limits, &entry.record, now);
        if deadline != entry.deadline {
            self.deadlines.remove(&(entry.deadline, key.lookup));
            self.deadlines.insert((deadline, key.lookup));
            entry.deadline = deadline;
        }
        Some(Arc::clone(&entry.record))
    }

    pub(super) fn replace(
        &mut self,
        key: SessionKey,
        record: Arc<SessionRecord>,
        now: SystemTime,
    ) -> bool {
        if self.end(key, now).is_none() {
            return false;
        }
        self.add(key.lookup, record, now);
        true
    }

    pub(super) fn end(&mut self, key: SessionKey, now: SystemTime) -> Option<Arc<SessionRecord>> {
        self.remove_expired(now);
        let entry = self.remove(key.lookup)?;
        (entry.deadline > now).then_some(entry.record)
    }

    pub(super) fn end_provider_session(&mut self, provider_session: &str, now: SystemTime) {
        for lookup in self.of_provider_session.sessions(provider_session).collect::<Vec<_>>() {
            self.remove(lookup);
        }
        self.ended_names.add(Name::ProviderSession(provider_session.to_owned()), now);
    }

    pub(super) fn end_subject(&mut self, subject: &str, now: SystemTime) {
        for lookup in self.of_subject.sessions(subject).collect::<Vec<_>>() {
            self.remove(lookup);
        }
        self.ended_names.add(Name::Subject(subject.to_owned()), now);
    }

    /// Returns true if the subject or its session at the provider ended after the sign-in began.
    fn was_overtaken(&self, record: &SessionRecord) -> bool {
        let subject = Name::Subject(record.subject.clone());
        let provider_session = record.provider_session.clone().map(Name::ProviderSession);
        [Some(subject), provider_session]
            .iter()
            .flatten()
            .any(|name| self.ended_names.ended_since(name, record.began_at))
    }

    /// Ends old sessions of the same subject until the new one has room.
    fn make_room(&mut self, record: &SessionRecord) -> Result<(), StoreError> {
        loop {
            let of_subject = self.of_subject.sessions(&record.subject).count();
            let is_full = self.is_full(record);
            if !is_full && of_subject < self.limits.sessions_of_subject {
                return Ok(());
            }
            let Some(oldest) = self.oldest_of_subject(&record.subject) else {
                return Err(StoreError(format!(
                    "the store of sessions is full: it has {} sessions with {} bytes; raise its \
                     limits or shorten the lifetime of sessions",
                    self.entries.len(),
                    self.bytes
                )));
            };
            self.remove(oldest);
            telemetry::session_displaced();
        }
    }

    fn is_full(&self, record: &SessionRecord) -> bool {
        self.entries.len() >= self.limits.sessions
            || self.bytes.saturating_add(bytes(record)) > self.limits.bytes
    }

    fn oldest_of_subject(&self, subject: &str) -> Option<SessionName> {
        let began_at =
            |lookup: &SessionName| self.entries.get(lookup).map(|entry| entry.record.began_at);
        self.of_subject.sessions(subject).min_by_key(began_at)
    }

    fn remove_expired(&mut self, now: SystemTime) {
        for _ in 0..REMOVALS {
            match self.deadlines.first() {
                Some((deadline, lookup)) if *deadline <= now => self.remove(*lookup),
                _ => return,
            };
        }
    }

    fn add(&mut self, lookup: SessionName, record: Arc<SessionRecord>, now: SystemTime) {
        let bytes = bytes(&record);
        let deadline = deadline(&self.limits, &record, now);
        self.of_subject.add(&record.subject, lookup);
        if let Some(provider_session) = &record.provider_session {
            self.of_provider_session.add(provider_session, lookup);
        }
        self.deadlines.insert((deadline, lookup));
        self.bytes = self.bytes.saturating_add(bytes);
        self.entries.insert(lookup, Entry { record, deadline, bytes });
    }

    fn remove(&mut self, lookup: SessionName) -> Option<Entry> {
        let entry = self.entries.remove(&lookup)?;
        self.of_subject.remove(&entry.record.subject, lookup);
        if let Some(provider_session) = &entry.record.provider_session {
            self.of_provider_session.remove(provider_session, lookup);
        }
        self.deadlines.remove(&(entry.deadline, lookup));
        self.bytes = self.bytes.saturating_sub(entry.bytes);
        Some(entry)
    }

    /// Returns true if nothing of an ended session is left.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
            && self.deadlines.is_empty()
            && self.of_subject.is_empty()
            && self.of_provider_session.is_empty()
            && self.bytes == 0
    }
}

fn bytes(record: &SessionRecord) -> usize {
    record.length().saturating_add(OVERHEAD)
}

/// Returns the end of a session that is used now.
fn deadline(limits: &MemoryLimits, record: &SessionRecord, now: SystemTime) -> SystemTime {
    let idle_end = limits.idle.and_then(|idle| now.checked_add(idle));
    idle_end.map_or(record.ends_at, |idle_end| idle_end.min(record.ends_at))
}
