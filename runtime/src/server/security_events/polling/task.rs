//! Task that polls one transmitter for as long as the server exists.

use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tracing::Instrument;

use super::acceptance::Receipts;
use super::exchange::ExchangeError;
use super::poller::Poller;
use crate::background_task::Pulse;
use crate::security_event::poll::{Outcome, PollPace, Replies};
use crate::telemetry;

/// The shortest time for which a request was held if its end without an answer is not a failure.
const HELD: Duration = Duration::from_secs(1);

/// State of the requests, which survives a panic.
struct State {
    pace: PollPace,
    replies: Replies,
    next: Instant,
    rng: Rng,
}

/// Polls in an endless loop. A panic, for example of a `tracing` subscriber, counts as a failed
/// request. Ends when the runtime shuts down, which cancels the task.
pub(super) async fn supervise(poller: Arc<Poller>, rng: Rng, pulse: Arc<Pulse>) {
    let mut state =
        State { pace: PollPace::new(), replies: Replies::default(), next: Instant::now(), rng };
    loop {
        pulse.during(sleep_until(state.next)).await;
        let began = Instant::now();
        let is_long_poll = state.pace.is_long_poll();
        let max_events = state.pace.max_events();
        let replies = std::mem::take(&mut state.replies);
        // When the set goes out of scope, tokio aborts the task in it.
        let mut task = JoinSet::new();
        let request = Arc::clone(&poller);
        task.spawn(async move {
            let span = telemetry::event_poll(request.name());
            request.poll(replies, max_events, is_long_poll).instrument(span).await
        });
        let outcome = match pulse.during(task.join_next()).await {
            Some(Ok((outcome, replies))) => {
                state.replies = replies;
                outcome
            }
            // The transmitter sends the events again whose replies are lost.
            Some(Err(error)) if error.is_panic() => {
                poller.status.record_error("the poll panicked");
                Outcome::Failure(None)
            }
            _ => return,
        };
        let jitter = state.rng.f64();
        state.next = state.pace.record(outcome, began, Instant::now(), jitter);
    }
}

impl Poller {
    /// Sends one request and accepts the events of the answer. Returns what the next request says
    /// about them, or `replies` if it is not known that the transmitter received them.
    async fn poll(
        self: &Arc<Self>,
        replies: Replies,
        max_events: usize,
        is_long_poll: bool,
    ) -> (Outcome, Replies) {
        let began = Instant::now();
        let asked = self.endpoint.ask(&replies, max_events, is_long_poll, self.server.now()).await;
        let error = match asked {
            Ok(answer) => {
                let has_more = answer.more_available;
                let receipts = self.accept(answer).await;
                return (self.report(&receipts, has_more), receipts.replies);
            }
            Err(error) => error,
        };
        let was_held = is_long_poll && began.elapsed() >= HELD;
        match error {
            ExchangeError::NoAnswer(_) if was_held => (Outcome::Silence, replies),
            ExchangeError::NoAnswer(text) => (self.fail(&text, Outcome::Failure(None)), replies),
            ExchangeError::TooLong(text) => (self.fail(&text, Outcome::TooLong), replies),
            ExchangeError::Failed(text, wait) => {
                (self.fail(&text, Outcome::Failure(wait)), replies)
            }
            // A transmitter that refuses the replies would refuse them again. Without them, it sends
            // their events again.
            ExchangeError::BadRequest(text) => {
                (self.fail(&text, Outcome::Failure(None)), Replies::default())
            }
            ExchangeError::Unauthorized(text) => {
                let is_repeated = !self.status.record_error(&text);
                telemetry::event_poll_refused(self.name(), &text, is_repeated);
                (Outcome::Failure(None), replies)
            }
        }
    }

    fn report(&self, receipts: &Receipts, has_more: bool) -> Outcome {
        self.status.record_answer();
        telemetry::events_polled(self.name(), receipts.accepted, receipts.refused, has_more);
        // Only new events count: a transmitter may say that it has more and always send the same.
        let goes_on = has_more && receipts.has_new;
        match &receipts.deferred {
            // An event that must wait does not delay those behind it.
            Some(cause) if goes_on => self.fail(cause, Outcome::More),
            Some(cause) => self.fail(cause, Outcome::Deferred),
            None if goes_on => Outcome::More,
            None if receipts.accepted == 0 && receipts.refused == 0 => Outcome::Nothing,
            None => Outcome::Events,
        }
    }

    fn fail(&self, error: &str, outcome: Outcome) -> Outcome {
        let is_repeated = !self.status.record_error(error);
        telemetry::event_poll_failed(self.name(), error, is_repeated);
        outcome
    }
}
