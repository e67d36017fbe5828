//! State of the polling of one transmitter, for health reports.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

use crate::lock::lock;

/// The shortest time between two events about the same error.
const WARNING_INTERVAL: Duration = Duration::from_secs(60);

/// State of the polling of one transmitter.
#[derive(Debug, Default)]
pub(in crate::server) struct PollStatus(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Time of the last answer.
    answered: Option<Instant>,
    error: Option<String>,
    /// The error that was logged last, and the time.
    logged: Option<(String, Instant)>,
}

impl PollStatus {
    /// Returns the time since the last answer of the transmitter.
    pub(in crate::server) fn age(&self) -> Option<Duration> {
        lock(&self.0).answered.map(|time| time.elapsed())
    }

    /// Returns the error of the last request, if it had no usable answer or an event of it must be
    /// sent again.
    pub(in crate::server) fn last_error(&self) -> Option<String> {
        lock(&self.0).error.clone()
    }

    pub(super) fn record_answer(&self) {
        let mut state = lock(&self.0);
        state.answered = Some(Instant::now());
        state.error = None;
    }

    /// Records an error. Returns true if it must be logged, because it is new.
    pub(super) fn record_error(&self, error: &str) -> bool {
        let mut state = lock(&self.0);
        state.error = Some(error.to_owned());
        let now = Instant::now();
        let is_known = state
            .logged
            .as_ref()
            .is_some_and(|(text, time)| text == error && now < *time + WARNING_INTERVAL);
        if !is_known {
            state.logged = Some((error.to_owned(), now));
        }
        !is_known
    }
}
