//! The notes of all users, in the memory of the process.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use serde::Serialize;
use tokio::sync::broadcast;

/// The largest number of users with notes.
const USERS: usize = 1000;

/// The largest number of notes of a user.
const NOTES: usize = 100;

/// The longest text of a note, in characters.
const LENGTH: usize = 500;

/// The number of changes that wait for a slow reader. A reader that misses some is told so.
const WAITING_CHANGES: usize = 16;

/// The notes of each user, by subject. A clone shares the notes.
#[derive(Clone)]
pub(super) struct Notes {
    by_user: Arc<RwLock<HashMap<String, Vec<Note>>>>,
    /// Sends the user whose notes have changed.
    changes: broadcast::Sender<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Note {
    pub(super) text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AddError {
    /// The text is empty or too long.
    Text,
    /// The list of the user is full.
    Full,
}

impl Default for Notes {
    fn default() -> Self {
        Self { by_user: Arc::default(), changes: broadcast::Sender::new(WAITING_CHANGES) }
    }
}

impl Notes {
    /// Returns the notes of a user in the order of their creation.
    pub(super) fn of(&self, user: &str) -> Vec<Note> {
        let by_user = self.by_user.read().unwrap_or_else(PoisonError::into_inner);
        by_user.get(user).cloned().unwrap_or_default()
    }

    pub(super) fn add(&self, user: &str, text: &str) -> Result<Note, AddError> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > LENGTH {
            return Err(AddError::Text);
        }
        let note = Note { text: text.to_owned() };
        let mut by_user = self.by_user.write().unwrap_or_else(PoisonError::into_inner);
        if by_user.len() >= USERS && !by_user.contains_key(user) {
            return Err(AddError::Full);
        }
        let notes = by_user.entry(user.to_owned()).or_default();
        if notes.len() >= NOTES {
            return Err(AddError::Full);
        }
        notes.push(note.clone());
        // Without a reader the change is not sent.
        let _ = self.changes.send(user.to_owned());
        Ok(note)
    }

    /// Returns a receiver of the users whose notes change from now on.
    pub(super) fn changes(&self) -> broadcast::Receiver<String> {
        self.changes.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_user_has_notes_of_their_own_and_a_limit() {
        let notes = Notes::default();
        assert_eq!(notes.add("alice", " milk ").map(|note| note.text), Ok("milk".to_owned()));
        assert_eq!(notes.of("bob"), []);
        for text in ["", " ", &"x".repeat(LENGTH + 1)] {
            assert_eq!(notes.add("alice", text), Err(AddError::Text));
        }
        for _ in 1..NOTES {
            notes.add("alice", &"é".repeat(LENGTH)).unwrap();
        }
        assert_eq!(notes.add("alice", "one more"), Err(AddError::Full));
        assert_eq!(notes.of("alice").len(), NOTES);
        for number in 1..USERS {
            notes.add(&format!("user {number}"), "a").unwrap();
        }
        assert_eq!(notes.add("bob", "a"), Err(AddError::Full));
    }
}
