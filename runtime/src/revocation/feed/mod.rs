//! Shares the revocations of a server with all other instances of the server, through a log.
//!
//! `follower` decides what the pages of the log mean, `outbox` which entries to append, `trim` which
//! records to remove, `report` if the server is ready. They have no clock and no network. The files
//! with `task` in their name read and write the log on their behalf.

mod append_task;
mod backoff;
mod call;
mod floor;
mod follow_task;
mod follower;
mod health;
mod loss;
mod outage_task;
mod outbox;
mod overflow;
mod page_request;
mod receipt;
mod removal_task;
mod report;
mod resync_cause;
mod settings;
mod state;
mod tasks;
mod trim;
mod trim_task;
mod unreadable;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

pub use self::health::FeedHealth;
pub use self::settings::{FeedOutage, RevocationFeed};

use self::outbox::Ticket;
use self::report::{NotReady, Readiness};
use self::state::FeedState;
use super::entry::Entry;
use super::error::RevocationError;
use super::record::{self, RECORD_LIMIT, RevocationText};
use super::shared::Shared;
use super::target::Revocation;
use super::timestamp::Timestamp;
use crate::background_task::BackgroundTask;

/// The feed of a server. Its tasks end when the feed goes out of scope.
pub(super) struct Feed {
    state: Arc<FeedState>,
    task: BackgroundTask,
    /// True after the tasks were started for the first time.
    was_started: AtomicBool,
}

impl Feed {
    /// Creates a feed. Its tasks start immediately if the caller is on a tokio runtime, otherwise
    /// with the first call of [`start`](Self::start) on one.
    pub(super) fn new(shared: Arc<Shared>, settings: RevocationFeed) -> Self {
        let state = Arc::new(FeedState::new(shared, settings));
        let task = {
            let state = Arc::clone(&state);
            BackgroundTask::new(move |runtime, pulse| tasks::start(runtime, &state, pulse))
        };
        let feed = Self { state, task, was_started: AtomicBool::new(false) };
        if !feed.start() {
            feed.state.shared.demand_attention();
        }
        feed
    }

    /// Starts the tasks if they were never started.
    pub(super) fn start_once(&self) {
        if !self.was_started.load(Ordering::Relaxed) {
            self.start();
        }
    }

    /// Starts the tasks on the current tokio runtime if they are not running, or if no thread drives
    /// the runtime on which they were started. Returns false if there is no such runtime.
    pub(super) fn start(&self) -> bool {
        self.task.abort_if_silent();
        let is_running = self.task.ensure_started() || self.task.is_running();
        self.was_started.fetch_or(is_running, Ordering::Relaxed);
        is_running
    }

    /// Returns the longest time from now to the end of a revocation.
    pub(super) fn horizon(&self) -> Duration {
        self.state.settings.horizon
    }

    /// Returns an error for a revocation that the log cannot keep.
    pub(super) fn check(
        &self,
        revocation: &Revocation,
        until: Timestamp,
    ) -> Result<(), RevocationError> {
        if until > self.state.shared.now().plus(self.horizon()) {
            return Err(RevocationError::BeyondHorizon);
        }
        // The times in the record may be those of an existing entry.
        let longest = record::revocation(&RevocationText {
            issuer: &revocation.issuer,
            kind: revocation.kind,
            name: &revocation.name,
            until: Timestamp::MAX,
            latest: Some(Timestamp::MAX),
        });
        if longest.len() > RECORD_LIMIT { Err(RevocationError::NameTooLong) } else { Ok(()) }
    }

    /// Shares an entry of the list with the other instances. The returned future waits until the
    /// log has it.
    pub(super) fn share(
        &self,
        entry: Arc<Entry>,
    ) -> impl Future<Output = Result<(), RevocationError>> + Send + 'static + use<> {
        let is_running = self.start();
        let ticket = self.state.push(entry);
        async move {
            let ticket = if is_running { Ok(ticket) } else { Err(NO_RUNTIME) };
            wait(ticket).await.map_err(RevocationError::LocalOnly)
        }
    }

    /// Waits until the server is ready, as far as that depends on the feed. Returns the reason why it
    /// is not at the deadline.
    pub(super) async fn wait_ready(&self, deadline: Instant) -> Result<(), String> {
        self.start();
        let mut reports = self.state.report.subscribe();
        loop {
            reports.mark_unchanged();
            let Readiness::NotReady(reason) = self.readiness() else { return Ok(()) };
            // The first reading ends or fails, and an outage may end. Room in the list is rare.
            let is_final = reason == NotReady::Overflow;
            if is_final || timeout_at(deadline, reports.changed()).await.is_err() {
                return Err(self.state.report.borrow().text_of(reason));
            }
        }
    }

    /// Returns true if the server is ready, as far as that depends on the feed.
    pub(super) fn is_ready(&self) -> bool {
        self.readiness() == Readiness::Ready
    }

    fn readiness(&self) -> Readiness {
        let FeedState { shared, settings, report, .. } = &*self.state;
        let is_up_to_date = shared.freshness.is_up_to_date(shared.now());
        report.borrow().readiness(settings.outage, settings.required, is_up_to_date)
    }

    pub(super) fn health(&self) -> FeedHealth {
        self.start();
        FeedHealth::of(&self.state)
    }
}

const NO_RUNTIME: &str = "no tokio runtime drives the feed";

/// Waits for the result of appending an entry. `ticket` is the text of an error, or `None` if too many
/// callers wait.
async fn wait(ticket: Result<Option<Ticket>, &'static str>) -> Result<(), String> {
    match ticket {
        Ok(Some(ticket)) => match ticket.await {
            Ok(result) => result,
            Err(_) => Err("the server was dropped".to_owned()),
        },
        Ok(None) => Err("too many revocations wait for the log".to_owned()),
        Err(error) => Err(error.to_owned()),
    }
}

#[cfg(test)]
mod tests;
