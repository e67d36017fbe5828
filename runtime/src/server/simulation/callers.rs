//! Simulated callers, which present tokens and check the server's results.

use std::pin::Pin;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};

use super::super::ResourceServer;
use super::invariants::{CallResult, Invariant, Violation, immediate_answer, judge};
use super::issuer::SimulatedIssuer;
use super::log::Moment;
use super::signing::{POOLS, Signer};
use crate::error::{RefusalKind, TokenError};

pub(super) type Outcome = Result<(), TokenError>;

/// Presents a token to the server: in the headers of every fourth request, and as text otherwise.
pub(super) fn request(
    server: ResourceServer,
    issuer: usize,
    signer: Signer,
    number: usize,
) -> Pin<Box<dyn Future<Output = Outcome> + Send>> {
    let token = POOLS[issuer].token(signer, number);
    Box::pin(async move {
        if !number.is_multiple_of(4) {
            return server.authenticate(token).await.map(drop);
        }
        let credential = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
        let headers = HeaderMap::from_iter([(AUTHORIZATION, credential)]);
        server.authenticate(&headers).await.map(drop)
    })
}

/// A request whose result is not yet known.
pub(super) struct Call {
    issuer: SimulatedIssuer,
    signer: Signer,
    number: usize,
    arrived_at: Moment,
    /// The result that the server must return immediately. `None` if the request may wait for a
    /// fetch.
    expected: Option<Result<(), RefusalKind>>,
}

impl Call {
    /// Registers a request. `clock_refusal` is the refusal that the wall clock causes for every
    /// token, independently of the keys.
    pub(super) fn new(
        issuer: &SimulatedIssuer,
        signer: Signer,
        number: usize,
        clock_refusal: Option<RefusalKind>,
    ) -> Self {
        let arrived_at = issuer.now();
        let expected = clock_refusal
            .map(Err)
            .or_else(|| immediate_answer(&issuer.script().log, signer, arrived_at));
        let call = Self { issuer: issuer.clone(), signer, number, arrived_at, expected };
        call.update_waiting(|waiting| waiting + 1);
        call
    }

    fn update_waiting(&self, new_count: impl FnOnce(usize) -> usize) {
        let (now, mut script) = (self.issuer.now(), self.issuer.script());
        script.log.last_change = Some(now);
        script.log.waiting = new_count(script.log.waiting);
    }

    /// Checks that the request is allowed to wait. `World` calls this if the first poll of the
    /// request was pending.
    pub(super) fn check_may_wait(&self) -> Result<(), Violation> {
        match &self.expected {
            None => Ok(()),
            Some(expected) => {
                let (signer, arrived_at) = (self.signer, self.arrived_at);
                let message = format!("{signer:?} at {arrived_at:?}, not {expected:?}");
                Err(self.violation(Invariant::KnownKeysNeverWait, &message))
            }
        }
    }

    /// Checks a result that the first poll of the request returned.
    pub(super) fn check_immediate(&self, outcome: Outcome) -> Result<(), Violation> {
        let kind = outcome.as_ref().err().map(TokenError::kind);
        if kind == Some(RefusalKind::InvalidSignature) {
            self.issuer.script().log.refuse_signature(self.arrived_at);
        }
        self.check_outcome(outcome)
    }

    pub(super) fn check_outcome(&self, outcome: Outcome) -> Result<(), Violation> {
        let kind = match &outcome {
            Ok(()) => Ok(()),
            Err(error) => Err(error.kind()),
        };
        let result = CallResult {
            number: self.number,
            signer: self.signer,
            arrived_at: self.arrived_at,
            answered_at: self.issuer.now(),
            outcome,
        };
        let judgement = match self.expected {
            Some(expected) if kind != expected => {
                let message = format!("{result:?}, not {expected:?}");
                Err(Violation(Invariant::NoValidRequestFails, message))
            }
            Some(Err(RefusalKind::Expired | RefusalKind::NotYetValid)) => Ok(()),
            _ => judge(&self.issuer.script().log, &result),
        };
        self.issuer.script().answers.push(result);
        judgement.map_err(|Violation(invariant, message)| self.violation(invariant, &message))
    }

    fn violation(&self, invariant: Invariant, message: &str) -> Violation {
        let script = self.issuer.script();
        let fetches: Vec<_> = script.log.fetches.iter().rev().take(3).collect();
        let message = format!("issuer {}: {message} after {fetches:?}", script.index);
        Violation(invariant, message)
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.update_waiting(|waiting| waiting - 1);
    }
}
