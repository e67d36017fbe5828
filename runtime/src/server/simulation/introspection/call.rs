//! Simulated callers, which present tokens and check the server's results.

use super::super::invariants::{Invariant, Violation};
use super::super::log::Moment;
use super::endpoint::{Endpoint, Script};
use super::invariants::{CallResult, immediate_answer, is_in_leeway, judge};
use super::token::Token;
use crate::error::{RefusalKind, TokenError};

/// A request whose result is not yet known.
pub(super) struct Call {
    endpoint: Endpoint,
    token: Token,
    number: usize,
    arrived_at: Moment,
    /// The result that the server must return immediately. `None` if the request may wait for an
    /// answer.
    expected: Option<Result<(), RefusalKind>>,
}

impl Call {
    pub(super) fn new(endpoint: &Endpoint, token: Token, number: usize) -> Self {
        let (arrived_at, mut script) = (endpoint.now(), endpoint.script());
        let expected = immediate_answer(&script.log, token, arrived_at);
        if expected.is_none() && !script.log.is_known(token) {
            script.log.unknown_arrivals.push(arrived_at);
        }
        drop(script);
        Self { endpoint: endpoint.clone(), token, number, arrived_at, expected }
    }

    /// Checks that the request is allowed to wait. `World` calls this if the first poll of the
    /// request was pending.
    pub(super) fn check_may_wait(&self) -> Result<(), Violation> {
        match &self.expected {
            None => Ok(()),
            Some(expected) => {
                let message =
                    format!("{:?} at {:?}, not {expected:?}", self.token, self.arrived_at);
                Err(Violation(Invariant::KnownTokensNeverWait, message))
            }
        }
    }

    /// Checks a result that the first poll of the request returned.
    pub(super) fn check_immediate(
        &self,
        outcome: Result<(), TokenError>,
    ) -> Result<CallResult, Violation> {
        let result = self.result(outcome);
        match self.expected {
            Some(_) if is_in_leeway(self.token, self.arrived_at) => Ok(result),
            Some(expected) if result.outcome == expected => Ok(result),
            Some(expected) => {
                let message = format!("{result:?}, not {expected:?}");
                Err(Violation(Invariant::NoValidRequestFails, message))
            }
            None => self.judge(result),
        }
    }

    pub(super) fn check(&self, outcome: Result<(), TokenError>) -> Result<CallResult, Violation> {
        self.judge(self.result(outcome))
    }

    fn judge(&self, result: CallResult) -> Result<CallResult, Violation> {
        // The simulation of an issuer's keys tests the ends of JWTs.
        if result.outcome == Err(RefusalKind::Expired) && self.token.expires_by(result.answered_at)
        {
            return Ok(result);
        }
        let script = self.endpoint.script();
        let Script { log, check, .. } = &*script;
        let judged = judge(log, check, &result);
        judged.map_err(|Violation(invariant, message)| {
            let questions: Vec<_> = log.about(self.token).take(3).collect();
            Violation(invariant, format!("{message} after {questions:?}"))
        })?;
        Ok(result)
    }

    fn result(&self, outcome: Result<(), TokenError>) -> CallResult {
        CallResult {
            number: self.number,
            token: self.token,
            arrived_at: self.arrived_at,
            answered_at: self.endpoint.now(),
            outcome: outcome.map_err(|error| error.kind()),
        }
    }
}
