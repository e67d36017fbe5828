//! The history of a run: all that happened, with its moments. The invariants are judged by it.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::time::Instant;

use super::fact::Fact;
use super::token::TOKENS;
use crate::log::{LogEvent, SharedLog};

/// The time since the run began.
pub(crate) type Moment = Duration;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    Log(LogEvent),
    Started {
        server: usize,
        settings: Settings,
    },
    Stopped {
        server: usize,
    },
    /// The process is stopped (`SIGSTOP`) or continues.
    Paused {
        server: usize,
        is_paused: bool,
    },
    /// The error of the clock of a server changes, in milliseconds.
    Clock {
        server: usize,
        ahead: i64,
    },
    /// The connection of a server changes. It is disturbed or in order from now on.
    Link {
        server: usize,
        is_in_order: bool,
    },
    Called {
        server: usize,
        call: usize,
        fact: Fact,
    },
    Resolved {
        call: usize,
        outcome: Outcome,
    },
    /// The future of `revoke` is dropped.
    Abandoned {
        call: usize,
    },
    Sampled {
        server: usize,
        sample: Box<Sample>,
    },
    /// A call to the log that a stopped server has not dropped.
    CallsOutliveServer {
        server: usize,
    },
    /// All faults have ended.
    FaultsEnded,
    /// Each server has had the time to repair everything.
    Settled,
    /// The run ends.
    Ended,
}

/// The settings of a server that matter to the invariants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) refuses: bool,
    pub(crate) is_required: bool,
    /// True if the list of the server has room for a few entries only.
    pub(crate) is_small: bool,
}

/// The result of `revoke`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Shared,
    LocalOnly,
    /// Nothing was revoked.
    Refused,
}

/// The answer to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Accepted,
    Revoked,
    Unavailable,
    Other,
}

/// The answers of a server to all tokens, and its health at the same moment.
#[allow(clippy::struct_excessive_bools, reason = "the health of a feed consists of flags")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sample {
    pub(crate) answers: [Answer; TOKENS],
    pub(crate) up_to_date: bool,
    pub(crate) synchronized: bool,
    pub(crate) unreadable: bool,
    pub(crate) overflow: bool,
    pub(crate) unshared: bool,
}

/// The history of a run. Clones share the history.
#[derive(Clone)]
pub(crate) struct Recorder {
    log: SharedLog,
    began: Instant,
    events: Arc<Mutex<Vec<(Moment, Event)>>>,
}

impl Recorder {
    pub(crate) fn new(log: SharedLog) -> Self {
        Self { log, began: Instant::now(), events: Arc::default() }
    }

    /// Records an event of this moment, after the events of the log.
    pub(crate) fn record(&self, event: Event) {
        let mut events = self.events();
        let logged = self.log.take_events().into_iter();
        events.extend(logged.map(|(at, event)| (at - self.began, Event::Log(event))));
        events.push((self.began.elapsed(), event));
    }

    /// Takes the events since the last call.
    pub(crate) fn take(&self) -> Vec<(Moment, Event)> {
        std::mem::take(&mut self.events())
    }

    pub(crate) fn now(&self) -> Moment {
        self.began.elapsed()
    }

    fn events(&self) -> MutexGuard<'_, Vec<(Moment, Event)>> {
        self.events.lock().unwrap()
    }
}
