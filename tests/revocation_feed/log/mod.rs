//! A log in memory, the second implementation of `RevocationLog`, with the faults of a log and of
//! the connections to it. Its time is the time of the tokio runtime, which a test can pause.

mod call;
mod copy;
mod event;
mod link;
mod tests;

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum_protected::revocation::{LogFuture, LogPage, LogPosition, RevocationLog};
use fastrand::Rng;
use tokio::sync::Notify;
use tokio::time::Instant;

pub(crate) use self::copy::LogCopy;
pub(crate) use self::event::{LogEvent, Removal};
pub(crate) use self::link::{Fault, Link, LostAnswers};

use self::call::Call;

/// The time of the first copy's clock when the log begins, in milliseconds. Copies can lag behind
/// it.
const EPOCH: u64 = 1_000_000_000;

/// A log in memory with all its copies. Clones share the log.
#[derive(Clone)]
pub(crate) struct SharedLog(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    /// Wakes all calls in the order in which they wait, so that a seed determines a run.
    changed: Notify,
    began: Instant,
}

struct State {
    copies: Vec<LogCopy>,
    links: Vec<Link>,
    events: Vec<(Instant, LogEvent)>,
    rng: Rng,
    /// The calls that the servers have not dropped, by link.
    calls: Vec<usize>,
}

impl SharedLog {
    /// Creates an empty log with one copy. The seed determines the delays.
    pub(crate) fn new(seed: u64) -> Self {
        let state = State {
            copies: vec![LogCopy::new("copy 0", 0)],
            links: Vec::new(),
            events: Vec::new(),
            rng: Rng::with_seed(seed),
            calls: Vec::new(),
        };
        Self(Arc::new(Shared {
            state: Mutex::new(state),
            changed: Notify::new(),
            began: Instant::now(),
        }))
    }

    /// Adds a connection to the newest copy, and returns the log as a server sees it.
    pub(crate) fn connect(&self) -> LinkedLog {
        let mut state = self.state();
        let (link, copy) = (state.links.len(), state.copies.len() - 1);
        state.links.push(Link::to(copy));
        state.calls.push(0);
        LinkedLog { log: self.clone(), link }
    }

    /// Appends a record to the newest copy, as a program that is not part of the test would.
    pub(crate) fn append(&self, text: impl Into<String>) -> LogPosition {
        let (now, copy) = (self.milliseconds(), self.newest());
        let text = text.into();
        self.update(|state| {
            let position = state.copies[copy].append(now, text.clone());
            state.record(LogEvent::Appended { link: None, copy, position, text });
            position
        })
    }

    /// Removes the records of the newest copy that `is_removed` selects by their index.
    pub(crate) fn remove(&self, removal: Removal, is_removed: impl Fn(usize) -> bool) {
        let copy = self.newest();
        let all = self.records(copy).into_iter().enumerate();
        let removed: Vec<_> = all
            .filter(|(index, _)| is_removed(*index))
            .map(|(_, (position, _))| position)
            .collect();
        self.update(|state| {
            for position in removed {
                state.copies[copy].remove(position);
                state.record(LogEvent::Removed { copy, position, removal });
            }
        });
    }

    /// Deletes the newest copy with its positions. Its clock lags by `lag` from now on, in
    /// milliseconds.
    pub(crate) fn delete(&self, lag: u64) {
        let copy = self.newest();
        self.update(|state| {
            state.copies[copy].delete(lag);
            state.record(LogEvent::Deleted { copy });
        });
    }

    /// Adds a copy, which takes over for these links. Calls that are under way fail, or are never
    /// answered.
    pub(crate) fn take_over(&self, copy: LogCopy, links: &[usize], is_silent: bool) {
        self.update(|state| {
            let index = state.copies.len();
            let records = copy.records().map(|(at, text)| (at, text.to_owned())).collect();
            state.record(LogEvent::Created { copy: index, records });
            state.copies.push(copy);
            for link in links {
                state.attach(*link, index, is_silent);
            }
        });
    }

    /// Leads these links to an existing copy.
    pub(crate) fn attach(&self, copy: usize, links: &[usize], is_silent: bool) {
        self.update(|state| {
            for link in links {
                state.attach(*link, copy, is_silent);
            }
        });
    }

    /// Changes the connection of a server.
    pub(crate) fn set_link(&self, link: usize, change: impl FnOnce(&mut Link)) {
        self.update(|state| change(&mut state.links[link]));
    }

    /// Returns a copy of the newest copy, which has not received the last `lost` records.
    pub(crate) fn lagging(&self, lost: usize, lag: u64) -> LogCopy {
        let state = self.state();
        let lineage = format!("copy {}", state.copies.len());
        state.copies[state.copies.len() - 1].without_last(lost, lineage, lag)
    }

    /// Returns an empty copy with a lineage of its own.
    pub(crate) fn empty(&self) -> LogCopy {
        LogCopy::new(format!("copy {}", self.state().copies.len()), 0)
    }

    /// Returns the index of the newest copy.
    pub(crate) fn newest(&self) -> usize {
        self.state().copies.len() - 1
    }

    /// Returns the records of a copy.
    pub(crate) fn records(&self, copy: usize) -> Vec<(LogPosition, String)> {
        let state = self.state();
        state.copies[copy].records().map(|(at, text)| (at, text.to_owned())).collect()
    }

    /// Returns the number of calls that the server of this link waits for.
    pub(crate) fn calls(&self, link: usize) -> usize {
        self.state().calls[link]
    }

    /// Takes the events since the last call, oldest first.
    pub(crate) fn take_events(&self) -> Vec<(Instant, LogEvent)> {
        std::mem::take(&mut self.state().events)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap()
    }

    fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.state());
        self.0.changed.notify_waiters();
        result
    }

    fn milliseconds(&self) -> u64 {
        EPOCH + u64::try_from(self.0.began.elapsed().as_millis()).unwrap()
    }
}

impl State {
    fn record(&mut self, event: LogEvent) {
        self.events.push((Instant::now(), event));
    }

    fn attach(&mut self, link: usize, copy: usize, is_silent: bool) {
        self.links[link].close(is_silent);
        self.links[link].copy = copy;
        self.record(LogEvent::Attached { link, copy });
    }

    /// Returns the copy that the link leads to.
    fn copy_of(&mut self, link: usize) -> &mut LogCopy {
        let copy = self.links[link].copy;
        &mut self.copies[copy]
    }
}

/// The log as one server sees it, through its own connection.
#[derive(Clone)]
pub(crate) struct LinkedLog {
    log: SharedLog,
    link: usize,
}

impl LinkedLog {
    /// Returns the index of the connection.
    pub(crate) fn link(&self) -> usize {
        self.link
    }
}

impl RevocationLog for LinkedLog {
    fn append(&self, records: Vec<String>) -> LogFuture<'_, ()> {
        Call::begin(&self.log, self.link).run_detached(|call| call.append(records))
    }

    fn read(
        &self,
        after: Option<LogPosition>,
        limit: usize,
        wait: Duration,
    ) -> LogFuture<'_, LogPage> {
        Box::pin(Call::begin(&self.log, self.link).read(after, limit, wait))
    }

    fn trim(&self, before: LogPosition) -> LogFuture<'_, ()> {
        Call::begin(&self.log, self.link).run_detached(move |call| call.trim(before))
    }
}
