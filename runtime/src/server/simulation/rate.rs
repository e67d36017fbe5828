//! How often an issuer is asked: no more than is stated, and no less.

use std::time::Duration;

use super::bounds::{COOL_DOWN, LONGEST_RETRY, TICK, refresh};
use super::invariants::{Invariant, Violation};
use super::log::{Fetch, Ledger, Moment, Outcome};

/// Follows the fetches as they come: each is due, or asked for and within the rate.
#[derive(Debug)]
pub(super) struct Rate {
    /// Fetches whose beginning, and whose end, was judged.
    begun: usize,
    ended: usize,
    due: (Moment, Moment),
    failures: u32,
    last_asked: Option<Moment>,
}

impl Rate {
    /// The first is due at once.
    pub(super) fn new() -> Self {
        Self {
            begun: 0,
            ended: 0,
            due: (Moment::ZERO, Moment::ZERO),
            failures: 0,
            last_asked: None,
        }
    }

    pub(super) fn judge(&mut self, ledger: &Ledger, now: Moment) -> Result<(), Violation> {
        while let Some(fetch) = ledger.fetches.get(self.ended) {
            if self.begun == self.ended {
                self.begin(fetch)?;
                self.begun += 1;
            }
            let Some((end, outcome)) = fetch.end else {
                break;
            };
            self.end(end, outcome);
            self.ended += 1;
        }
        if ledger.fetches.len() > self.begun {
            let what = format!("two at a time: {:?}", ledger.fetches);
            return Err(Violation(Invariant::FetchesAreBounded, what));
        }
        if !ledger.under_way() && now > self.due.1 + TICK {
            let what = format!("none since {:?}, now {now:?}", self.due.1);
            return Err(Violation(Invariant::FetchesAreMade, what));
        }
        Ok(())
    }

    fn begin(&mut self, fetch: &Fetch) -> Result<(), Violation> {
        if fetch.begun > self.due.1 + TICK {
            let what = format!("due at {:?}: {fetch:?}", self.due.1);
            return Err(Violation(Invariant::FetchesAreMade, what));
        }
        if fetch.begun < self.due.0 {
            let last = self.last_asked.replace(fetch.begun);
            let cool = last.is_none_or(|last| fetch.begun >= last + COOL_DOWN);
            if !fetch.asked || !cool {
                let what = format!("the last at {last:?}, due at {:?}: {fetch:?}", self.due.0);
                return Err(Violation(Invariant::FetchesAreBounded, what));
            }
        }
        Ok(())
    }

    fn end(&mut self, now: Moment, outcome: Outcome) {
        self.due = if let Outcome::Set(answer) = outcome {
            self.failures = 0;
            refresh(now, answer.lifetime)
        } else {
            // 1 s, 2 s, 4 s, up to a minute, and up to twice as much to spread them.
            let delay = Duration::from_secs(1 << self.failures.min(6)).min(LONGEST_RETRY);
            self.failures += 1;
            (now + delay, now + (delay * 2).min(LONGEST_RETRY))
        };
    }
}
