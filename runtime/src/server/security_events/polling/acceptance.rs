//! Accepts the events of an answer, and decides what the next request says about them.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use super::poller::Poller;
use crate::security_event::poll::{PollAnswer, Replies, SetError};
use crate::security_event::{EventError, EventErrorCode, Receipt};
use crate::token::Compact;

/// The longest time for which the events of an answer may be processed. The transmitter sends the
/// remaining events again.
const PATIENCE: Duration = Duration::from_secs(30);

/// Outcome of one event.
enum Verdict {
    /// All instances of the server know of the revocations of the event.
    Accepted(Receipt),
    /// The event will never be accepted.
    Refused(SetError),
    /// The event is neither acknowledged nor reported, so that the transmitter sends it again.
    Deferred(String),
}

/// Outcome of all events of an answer.
#[derive(Debug, Default)]
pub(super) struct Receipts {
    pub(super) replies: Replies,
    pub(super) accepted: usize,
    pub(super) refused: usize,
    /// True if an event was accepted that had not been accepted before.
    pub(super) has_new: bool,
    /// Cause for which the transmitter must send an event again.
    pub(super) deferred: Option<String>,
}

impl Poller {
    /// Accepts the events together, so that their revocations share the requests to the feed. An event
    /// whose task panics is sent again, and does not affect the others.
    pub(super) async fn accept(self: &Arc<Self>, answer: PollAnswer) -> Receipts {
        let mut all = Receipts::default();
        // When the set goes out of scope, the tasks are aborted.
        let mut tasks = JoinSet::new();
        for (name, event) in answer.sets {
            let poller = Arc::clone(self);
            tasks.spawn(async move {
                let verdict = poller.accept_event(&name, event.as_deref()).await;
                (name, verdict)
            });
        }
        let deadline = Instant::now() + PATIENCE;
        loop {
            match timeout_at(deadline, tasks.join_next()).await {
                Ok(None) => return all,
                Ok(Some(Ok((name, verdict)))) => all.record(name, verdict),
                Ok(Some(Err(_))) => {
                    all.deferred = Some("an event could not be processed: a panic".to_owned());
                }
                Err(_) => {
                    all.deferred = Some("the events were not processed in time".to_owned());
                    return all;
                }
            }
        }
    }

    async fn accept_event(&self, name: &str, event: Option<&str>) -> Verdict {
        let Some(event) = event else {
            return Verdict::refused(EventErrorCode::InvalidRequest, "the event is not a string");
        };
        // The transmitter would take the acknowledgement of one event for that of another one.
        if has_other_jti(event, name) {
            return Verdict::refused(
                EventErrorCode::InvalidRequest,
                "the `jti` of the event is not its name in `sets`",
            );
        }
        match self.server.receive_event(&self.transmitter, event).await {
            Ok(receipt) => Verdict::Accepted(receipt),
            Err(EventError::Refused { code, description }) => Verdict::refused(code, description),
            Err(EventError::Unavailable { cause, .. }) => Verdict::Deferred(cause),
        }
    }
}

impl Verdict {
    fn refused(code: EventErrorCode, description: impl Into<String>) -> Self {
        Self::Refused(SetError { err: code.name(), description: description.into() })
    }
}

impl Receipts {
    fn record(&mut self, name: String, verdict: Verdict) {
        match verdict {
            Verdict::Accepted(receipt) => {
                self.has_new |= receipt != Receipt::Repeated;
                self.accepted = self.accepted.saturating_add(1);
                self.replies.acknowledge(name);
            }
            Verdict::Refused(error) => {
                self.refused = self.refused.saturating_add(1);
                self.replies.report(name, error);
            }
            Verdict::Deferred(cause) => self.deferred = Some(cause),
        }
    }
}

/// Returns true if the text is a JWT with another `jti` than this name. Other defects of the text are
/// found later.
fn has_other_jti(event: &str, name: &str) -> bool {
    Compact::parse(event).is_ok_and(|token| {
        token.claims.root().get("jti").is_some_and(|jti| jti.as_str() != Some(name))
    })
}
