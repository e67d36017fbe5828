//! The sessions of each name: of each subject, or of each session at the provider.

use std::collections::{BTreeSet, HashMap};

use super::sessions::Lookup;

#[derive(Default)]
pub(super) struct Index(HashMap<String, BTreeSet<Lookup>>);

impl Index {
    pub(super) fn add(&mut self, name: &str, session: Lookup) {
        self.0.entry(name.to_owned()).or_default().insert(session);
    }

    pub(super) fn remove(&mut self, name: &str, session: Lookup) {
        let Some(sessions) = self.0.get_mut(name) else { return };
        sessions.remove(&session);
        if sessions.is_empty() {
            self.0.remove(name);
        }
    }

    pub(super) fn sessions(&self, name: &str) -> impl Iterator<Item = Lookup> {
        self.0.get(name).into_iter().flatten().copied()
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
