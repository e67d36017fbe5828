//! The state of one server, as the history shows it.

use std::time::Duration;

use super::super::fact::{BEGINNING, Fact};
use super::super::history::{Moment, Sample, Settings};

/// State of a server that the invariants need.
#[derive(Debug)]
pub(crate) struct ServerView {
    pub(crate) settings: Settings,
    /// The moment at which the running server was built.
    pub(crate) up_since: Option<Moment>,
    pub(crate) copy: usize,
    pub(crate) attached_at: Moment,
    /// The moment at which the copy became another one.
    pub(crate) copy_changed_at: Moment,
    /// The moment since which the connection is in order.
    pub(crate) in_order_since: Option<Moment>,
    /// The last moment at which the process was stopped or continued.
    pub(crate) resumed_at: Moment,
    pub(crate) is_paused: bool,
    /// The errors of its clock in milliseconds, with the moments from which they applied.
    clock: Vec<(Moment, i64)>,
    /// The moments from which the running server certainly has a revocation, by its index.
    known: Vec<Option<Moment>>,
    /// True if the running server may have seen a record that it cannot read.
    pub(crate) saw_unreadable: bool,
    /// The moment at which the running server had read the whole log once.
    pub(crate) synchronized_at: Option<Moment>,
    pub(crate) last_sample: Option<Sample>,
    /// The revocations that this server called `revoke` for, with the moment.
    pub(crate) calls: Vec<(Fact, Moment)>,
}

impl Default for ServerView {
    fn default() -> Self {
        Self {
            settings: Settings { refuses: false, is_required: false, is_small: false },
            up_since: None,
            copy: 0,
            attached_at: Moment::ZERO,
            copy_changed_at: Moment::ZERO,
            in_order_since: Some(Moment::ZERO),
            resumed_at: Moment::ZERO,
            is_paused: false,
            clock: vec![(Moment::ZERO, 0)],
            known: Vec::new(),
            saw_unreadable: false,
            synchronized_at: None,
            last_sample: None,
            calls: Vec::new(),
        }
    }
}

impl ServerView {
    pub(crate) fn start(&mut self, now: Moment, settings: Settings) {
        self.settings = settings;
        self.up_since = Some(now);
        self.known.clear();
        self.saw_unreadable = false;
        self.last_sample = None;
        self.synchronized_at = None;
        self.calls.clear();
    }

    pub(crate) fn stop(&mut self) {
        self.up_since = None;
        self.known.clear();
    }

    pub(crate) fn attach(&mut self, now: Moment, copy: usize) {
        if self.copy != copy {
            self.copy_changed_at = now;
        }
        (self.copy, self.attached_at) = (copy, now);
    }

    pub(crate) fn set_clock(&mut self, now: Moment, ahead: i64) {
        self.clock.push((now, ahead));
    }

    /// Returns true if a revocation has not ended by the clock of the server, now and whatever the
    /// clock showed since the moment `since`.
    pub(crate) fn is_in_force(&self, fact: &Fact, now: Moment, since: Moment) -> bool {
        let mut readings = self.clock.iter().rev();
        let mut is_relevant = true;
        let mut relevant = std::iter::from_fn(|| {
            let (from, ahead) = readings.next().filter(|_| is_relevant)?;
            is_relevant = *from > since;
            Some(*ahead)
        });
        relevant.all(|ahead| seconds(now, ahead) < fact.until)
    }

    pub(crate) fn knows(&self, fact: usize) -> bool {
        self.known_since(fact).is_some()
    }

    pub(crate) fn known_since(&self, fact: usize) -> Option<Moment> {
        self.known.get(fact).copied().flatten()
    }

    pub(crate) fn learn(&mut self, fact: usize, now: Moment) {
        if self.known.len() <= fact {
            self.known.resize(fact + 1, None);
        }
        self.known[fact].get_or_insert(now);
    }

    pub(crate) fn forget(&mut self, fact: usize) {
        self.known[fact] = None;
    }

    /// Returns true if the server was connected to this copy from the moment `loss` on, and had no
    /// fault for the time `before` before that.
    pub(crate) fn follows(&self, copy: usize, loss: Moment, before: Duration) -> bool {
        let was_before = |moment: Moment| moment + before < loss;
        self.copy == copy
            && self.attached_at <= loss
            && !self.is_paused
            && self.up_since.is_some_and(was_before)
            && self.in_order_since.is_some_and(was_before)
            && was_before(self.resumed_at)
            && self.clock.last().is_some_and(|(from, _)| was_before(*from))
    }

    /// Returns the moment since which nothing has disturbed the server, or `None` during a fault.
    /// `disturbed_at` is the last disturbance of the log.
    pub(crate) fn undisturbed_since(&self, disturbed_at: Moment) -> Option<Moment> {
        let (up_since, in_order_since) = (self.up_since?, self.in_order_since?);
        let clock_since = self.clock.last().map_or(Moment::ZERO, |(from, _)| *from);
        let all = [
            up_since,
            in_order_since,
            clock_since,
            self.attached_at,
            self.resumed_at,
            disturbed_at,
        ];
        all.into_iter().max().filter(|_| !self.is_paused)
    }
}

/// Returns the time that a clock shows, in seconds since the Unix epoch. The fraction counts as a
/// second.
fn seconds(now: Moment, ahead: i64) -> u64 {
    let by = Duration::from_millis(ahead.unsigned_abs());
    let right = Duration::from_secs(BEGINNING) + now;
    let shown = if ahead < 0 { right.saturating_sub(by) } else { right + by };
    shown.as_secs() + 1
}
