//! State that the tasks of a feed share with each other and with the server.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::{Notify, watch};

use super::super::entry::Entry;
use super::super::shared::Shared;
use super::follower::Follower;
use super::outbox::{Appended, Outbox, Ticket};
use super::report::Report;
use super::settings::RevocationFeed;
use crate::lock::lock;
use crate::telemetry;

/// State of a feed. No code holds a mutex across an `await`.
pub(super) struct FeedState {
    pub(super) shared: Arc<Shared>,
    pub(super) settings: RevocationFeed,
    pub(super) follower: Mutex<Follower>,
    pub(super) outbox: Mutex<Outbox>,
    /// Wakes the task that appends.
    pub(super) append: Notify,
    pub(super) report: watch::Sender<Report>,
    /// Number of pages that were requested.
    pages: AtomicU64,
}

impl FeedState {
    pub(super) fn new(shared: Arc<Shared>, settings: RevocationFeed) -> Self {
        let follower = Follower::new(settings.horizon, shared.leeway());
        Self {
            shared,
            settings,
            follower: Mutex::new(follower),
            outbox: Mutex::default(),
            append: Notify::new(),
            report: watch::Sender::default(),
            pages: AtomicU64::new(0),
        }
    }

    /// Returns the number of a page that is requested now.
    pub(super) fn next_page(&self) -> u64 {
        self.pages.fetch_add(1, Ordering::AcqRel).saturating_add(1)
    }

    /// Returns the number of the last page that was requested.
    pub(super) fn last_page(&self) -> u64 {
        self.pages.load(Ordering::Acquire)
    }

    /// Adds an entry to the outbox; see [`Outbox::push`].
    pub(super) fn push(&self, entry: Arc<Entry>) -> Option<Ticket> {
        let ticket = lock(&self.outbox).push(entry);
        self.append.notify_one();
        ticket
    }

    /// Returns true for an entry that the log may lack in this generation, and should have.
    pub(super) fn is_missing(&self, entry: &Arc<Entry>, generation: u32) -> bool {
        entry.generation() != generation
            && entry.until > self.shared.cutoff()
            && self.shared.list().has(entry)
    }

    pub(super) fn generation(&self) -> u32 {
        lock(&self.follower).generation()
    }

    /// Records that the log could not be read.
    pub(super) fn read_failed(&self, error: &str) {
        let mut is_new = false;
        self.report.send_modify(|report| is_new = report.record_read(Err(error.to_owned())));
        if is_new {
            telemetry::revocations_not_read(error);
        }
    }

    /// Records the result of appending entries.
    pub(super) fn appended(&self, result: &Appended) {
        let mut is_new = false;
        self.report.send_modify(|report| is_new = report.record_append(result));
        if let Err(error) = result
            && is_new
        {
            telemetry::revocations_not_appended(error);
        }
    }
}
