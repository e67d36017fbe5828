//! The questions and results of one issuer in a run. Tests compare the histories of two runs.

use super::invariants::CallResult;
use super::log::Question;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct History {
    pub(super) questions: Vec<Question>,
    pub(super) results: Vec<CallResult>,
}

impl History {
    pub(super) fn new(mut questions: Vec<Question>, mut results: Vec<CallResult>) -> Self {
        // The events of a moment have an arbitrary order.
        questions.sort_by_key(|question| (question.started_at, question.token));
        results.sort_by_key(|result| result.number);
        Self { questions, results }
    }

    /// Returns the history of a run in which other requests may have had other numbers.
    pub(super) fn without_numbers(&self) -> Self {
        let mut history = self.clone();
        for result in &mut history.results {
            result.number = 0;
        }
        history
    }
}
