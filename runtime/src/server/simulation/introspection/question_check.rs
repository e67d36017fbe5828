//! Checks each question at the moment at which it reaches the endpoint.

use std::time::Duration;

use super::super::invariants::{Invariant, Violation};
use super::super::log::Moment;
use super::bounds::{CONCURRENT, FAILURE_PERIOD, RATE, RESERVE, refusal_period};
use super::log::{Log, Outcome, Question};
use super::token::Token;

/// The state of the check. It remembers the first violation, because an endpoint cannot end a run.
#[derive(Debug)]
pub(super) struct QuestionCheck {
    /// The questions about unknown tokens that may reach the endpoint now.
    left: f64,
    filled: Moment,
    /// The last moment at which as many questions about unknown tokens were under way as may be.
    /// `Moment::MAX` if they are now.
    pub(super) busy_until: Option<Moment>,
    of_unknown: usize,
    violation: Option<Violation>,
}

impl QuestionCheck {
    pub(super) fn new() -> Self {
        let (filled, busy_until, of_unknown, violation) = Default::default();
        Self { left: RESERVE, filled, busy_until, of_unknown, violation }
    }

    /// Returns the first violation.
    pub(super) fn judge(&mut self) -> Result<(), Violation> {
        self.violation.take().map_or(Ok(()), Err)
    }

    pub(super) fn begin(&mut self, log: &Log, token: Token, now: Moment) {
        let is_unknown = !log.is_known(token);
        let violated = self.violated(log, token, is_unknown, now);
        if is_unknown {
            self.of_unknown += 1;
            if self.of_unknown >= CONCURRENT {
                self.busy_until = Some(Moment::MAX);
            }
        }
        if let (Some(invariant), None) = (violated, &self.violation) {
            let earlier: Vec<_> = log.about(token).take(3).collect();
            let message = format!("a question about {token:?} at {now:?} after {earlier:?}");
            self.violation = Some(Violation(invariant, message));
        }
    }

    fn violated(
        &mut self,
        log: &Log,
        token: Token,
        is_unknown: bool,
        now: Moment,
    ) -> Option<Invariant> {
        if matches!(token, Token::Unasked(_) | Token::Forged(_)) || is_needless(log, token, now) {
            return Some(Invariant::NoQuestionIsNeedless);
        }
        if log.about(token).next().is_some_and(|question| question.end.is_none()) {
            return Some(Invariant::OneQuestionAtATime);
        }
        let is_within_rate = !is_unknown || self.take(now);
        let is_few = log.under_way(is_unknown) < CONCURRENT;
        (!is_within_rate || !is_few).then_some(Invariant::QuestionsAreBounded)
    }

    /// Takes a question out of the bucket. Returns false if the bucket is empty.
    fn take(&mut self, now: Moment) -> bool {
        let gained = now.saturating_sub(self.filled).as_secs_f64() * f64::from(RATE);
        self.left = RESERVE.min(self.left + gained) - 1.0;
        self.filled = now;
        self.left >= 0.0
    }

    pub(super) fn end(&mut self, question: Question, outcome: Outcome, now: Moment) {
        if !question.is_unknown {
            return;
        }
        self.of_unknown -= 1;
        if self.busy_until == Some(Moment::MAX) {
            self.busy_until = Some(now);
        }
        // A question about a token that is active does not count.
        if outcome == Outcome::Active {
            self.left = RESERVE.min(self.left + 1.0);
        }
    }
}

/// Returns true if the server must know the answer, or must not ask again so soon.
fn is_needless(log: &Log, token: Token, now: Moment) -> bool {
    let Some((ended, outcome)) = log.about(token).find_map(|question| question.end) else {
        return false;
    };
    let until = |period: Duration| ended + period;
    match outcome {
        Outcome::Active => {
            now < until(log.period()) || log.end_of(token).is_some_and(|end| end <= now)
        }
        Outcome::Inactive | Outcome::Unacceptable => now < until(refusal_period(log.period())),
        Outcome::Failed | Outcome::Dropped => now < until(FAILURE_PERIOD),
    }
}
