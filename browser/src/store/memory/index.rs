//! The sessions of each name: of each subject, or of each session at the provider.

use std::collections::{BTreeSet, HashMap};

use crate::session::SessionName;

#[derive(Default)]
pub(super) struct Index(HashMap<String, BTreeSet<SessionName>>);

impl Index {
    pub(super) fn add(&mut self, name: &str, session: SessionName) {
        self.0.entry(name.to_owned()).or_default().insert(session);
    }

    pub(super) fn remove(&mut self, name: &str, session: SessionName) {
        let Some(sessions) = self.0.get_mut(name) else { return };
        sessions.remove(&session);
        if sessions.is_empty() {
            self.0.remove(name);
        }
    }

    pub(super) fn sessions(&self, name: &str) -> impl Iterator<Item = SessionName> {
        self.0.get(name).into_iter().flatten().copied()
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
