//! The events of a stream, and what the receiver said about them.

use serde_json::{Map, Value};

use crate::jws::Jws;

/// The events, and the replies to them.
#[derive(Debug, Default)]
pub(super) struct Stream {
    /// The names and the texts of the events that are neither acknowledged nor reported, the oldest
    /// first.
    waiting: Vec<(String, String)>,
    acknowledged: Vec<String>,
    reported: Vec<(String, Value)>,
    polls: usize,
}

impl Stream {
    pub(super) fn offer(&mut self, name: &str, event: &str) {
        self.waiting.push((name.to_owned(), event.to_owned()));
    }

    /// Records a poll request.
    pub(super) fn record(&mut self, acknowledged: Vec<String>, reported: Map<String, Value>) {
        self.polls = self.polls.saturating_add(1);
        self.waiting.retain(|(name, _)| !acknowledged.contains(name));
        self.waiting.retain(|(name, _)| !reported.contains_key(name));
        self.acknowledged.extend(acknowledged);
        self.reported.extend(reported);
    }

    /// Returns the next events, and true if there are more.
    pub(super) fn next(&self, limit: usize) -> (Map<String, Value>, bool) {
        let sets: Map<_, _> = self
            .waiting
            .iter()
            .take(limit)
            .map(|(name, event)| (name.clone(), event.clone().into()))
            .collect();
        (sets, self.waiting.len() > limit)
    }

    pub(super) fn is_settled(&self) -> bool {
        self.waiting.is_empty()
    }

    pub(super) fn acknowledged(&self) -> &[String] {
        &self.acknowledged
    }

    pub(super) fn reported(&self) -> &[(String, Value)] {
        &self.reported
    }

    pub(super) fn polls(&self) -> usize {
        self.polls
    }
}

/// Returns the `jti` of a JWT, or an empty text.
pub(super) fn jti(event: &str) -> String {
    let jti = Jws::read(event).and_then(|jws| Some(jws.payload.get("jti")?.as_str()?.to_owned()));
    jti.unwrap_or_default()
}
