//! The answers to valid tokens at one instance.

use std::collections::BTreeMap;

use crate::answer::Outcome;

/// The number of answers of each kind, and examples of those that are not acceptances.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) requests: u64,
    /// 401 and 403.
    pub(crate) refused: u64,
    /// 503.
    pub(crate) unavailable: u64,
    /// Other statuses and errors of connections.
    pub(crate) failed: u64,
    examples: BTreeMap<String, u64>,
}

/// The number of different examples.
const EXAMPLES: usize = 5;

impl Tally {
    pub(crate) fn count(&mut self, outcome: &Outcome) {
        self.requests += 1;
        let (counter, text) = match outcome {
            Outcome::Accepted => return,
            Outcome::Refused(text) => (&mut self.refused, text),
            Outcome::Unavailable(text) => (&mut self.unavailable, text),
            Outcome::Failed(text) => (&mut self.failed, text),
        };
        *counter += 1;
        if self.examples.len() < EXAMPLES || self.examples.contains_key(text) {
            *self.examples.entry(text.clone()).or_default() += 1;
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.refused += other.refused;
        self.unavailable += other.unavailable;
        self.failed += other.failed;
        for (text, count) in &other.examples {
            *self.examples.entry(text.clone()).or_default() += count;
        }
    }

    /// Returns the examples, one a line.
    pub(crate) fn examples(&self) -> String {
        let lines = self.examples.iter().map(|(text, count)| format!("{count} times {text}\n"));
        lines.collect()
    }
}
