//! Checks the rate of fetches: the server must fetch keys as often as the guide states.

use std::time::Duration;

use super::bounds::{LONGEST_RETRY, TICK, Times};
use super::budget::Budget;
use super::invariants::{Invariant, Violation};
use super::log::{Answer, Fetch, Log, MetadataExchange, Moment, Outcome};

/// The state of the check that goes through an issuer's fetches in order. Each fetch must either be
/// due by schedule, or be caused by a request within the allowed rate.
#[derive(Debug)]
pub(super) struct RateCheck {
    /// The number of fetches whose start was checked.
    started: usize,
    /// The number of fetches whose end was checked.
    ended: usize,
    /// The earliest and the latest moment for the next scheduled fetch.
    due: (Moment, Moment),
    failures: u32,
    /// The last valid answer, with the times that follow from it.
    held: Option<(Answer, Times)>,
    budget: Budget,
}

impl RateCheck {
    /// Creates the state of this check before the issuer's first fetch, which must begin
    /// immediately.
    pub(super) fn new() -> Self {
        Self {
            started: 0,
            ended: 0,
            due: (Moment::ZERO, Moment::ZERO),
            failures: 0,
            held: None,
            budget: Budget::default(),
        }
    }

    pub(super) fn judge(&mut self, log: &Log, now: Moment) -> Result<(), Violation> {
        while let Some(fetch) = log.fetches.get(self.ended) {
            if self.started == self.ended {
                self.begin(fetch)?;
                self.started += 1;
            }
            let Some((end, outcome)) = fetch.end else {
                break;
            };
            self.check_metadata(fetch, outcome)?;
            self.end(end, outcome);
            self.ended += 1;
        }
        if log.fetches.len() > self.started {
            let message = format!("more than one fetch at a time: {:?}", log.fetches);
            return Err(Violation(Invariant::FetchesAreBounded, message));
        }
        if log.fetch_owed.is_some_and(|since| since < now) {
            let message = format!("no fetch after a bad signature at {:?}", log.fetch_owed);
            return Err(Violation(Invariant::FetchesAreMade, message));
        }
        if !log.under_way() && now > self.due.1 + TICK {
            let message = format!("no fetch since {:?}, now {now:?}", self.due.1);
            return Err(Violation(Invariant::FetchesAreMade, message));
        }
        Ok(())
    }

    fn begin(&mut self, fetch: &Fetch) -> Result<(), Violation> {
        if fetch.started_at > self.due.1 + TICK {
            let message = format!("due at {:?}: {fetch:?}", self.due.1);
            return Err(Violation(Invariant::FetchesAreMade, message));
        }
        if fetch.started_at < self.due.0 {
            let is_allowed = self.budget.take(fetch.started_at);
            if !fetch.on_demand || !is_allowed {
                let message = format!("{:?}, next due at {:?}: {fetch:?}", self.budget, self.due.0);
                return Err(Violation(Invariant::FetchesAreBounded, message));
            }
        }
        Ok(())
    }

    /// Checks that the fetch asked for the metadata, unless it found other keys for a request, and
    /// that its keys are from the location that the metadata named.
    fn check_metadata(&self, fetch: &Fetch, outcome: Outcome) -> Result<(), Violation> {
        let Outcome::Set(answer) = outcome else {
            return Ok(());
        };
        let has_changed = self.held.is_none_or(|(last, _)| last.keys != answer.keys);
        let is_valid = match answer.metadata {
            MetadataExchange::None => fetch.on_demand && has_changed,
            MetadataExchange::Valid(named) => answer.location == named,
            MetadataExchange::Failed => true,
        };
        if is_valid {
            return Ok(());
        }
        Err(Violation(Invariant::MovedKeysAreFollowed, format!("{fetch:?}")))
    }

    fn end(&mut self, now: Moment, outcome: Outcome) {
        let mut next = None;
        if let Outcome::Set(answer) = outcome {
            let times = Times::after(self.held.map(|(_, times)| times), now, &answer);
            self.held = Some((answer, times));
            next = Some(times.refresh).filter(|_| answer.metadata != MetadataExchange::Failed);
        }
        self.due = if let Some(refresh) = next {
            self.failures = 0;
            refresh
        } else {
            // The server retries after 1 s, 2 s, 4 s and so on, up to a minute. It multiplies each
            // delay by a random factor up to 2, so that the retries of many servers are spread.
            let delay = Duration::from_secs(1 << self.failures.min(6)).min(LONGEST_RETRY);
            self.failures += 1;
            (now + delay, now + (delay * 2).min(LONGEST_RETRY))
        };
    }
}
