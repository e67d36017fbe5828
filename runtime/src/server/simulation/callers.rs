//! Who brings tokens, and tells what came of it.

use std::pin::Pin;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};

use super::super::ResourceServer;
use super::invariants::{Answered, Invariant, Violation, at_once, judge};
use super::issuer::SimulatedIssuer;
use super::log::Moment;
use super::signing::{Maker, POOLS};
use crate::error::{RefusalKind, TokenError};

pub(super) type Outcome = Result<(), TokenError>;

/// The request itself, by either door.
pub(super) fn request(
    server: ResourceServer,
    issuer: usize,
    maker: Maker,
    number: usize,
) -> Pin<Box<dyn Future<Output = Outcome> + Send>> {
    let token = POOLS[issuer].token(maker, number);
    Box::pin(async move {
        if !number.is_multiple_of(4) {
            return server.verify(token).await.map(drop);
        }
        let credential = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
        let headers = HeaderMap::from_iter([(AUTHORIZATION, credential)]);
        server.authenticate(&headers).await.map(drop)
    })
}

/// A request that has no answer yet.
pub(super) struct Call {
    issuer: SimulatedIssuer,
    maker: Maker,
    number: usize,
    came: Moment,
    /// What it must be told without waiting, if anything.
    expected: Option<Result<(), RefusalKind>>,
}

impl Call {
    /// One that is hopeless is so by the wall clock, whatever the keys are.
    pub(super) fn new(
        issuer: &SimulatedIssuer,
        maker: Maker,
        number: usize,
        hopeless: Option<RefusalKind>,
    ) -> Self {
        let came = issuer.now();
        let known = || at_once(&issuer.script().ledger, maker, came);
        let call = Self {
            issuer: issuer.clone(),
            maker,
            number,
            came,
            expected: hopeless.map(Err).or_else(known),
        };
        call.stir(|waiting| waiting + 1);
        call
    }

    fn stir(&self, count: impl FnOnce(usize) -> usize) {
        let (now, mut script) = (self.issuer.now(), self.issuer.script());
        script.ledger.last_stir = Some(now);
        script.ledger.waiting = count(script.ledger.waiting);
    }

    /// It was looked at once, and there was no answer.
    pub(super) fn waits(&self) -> Result<(), Violation> {
        match &self.expected {
            None => Ok(()),
            Some(expected) => {
                let (maker, came) = (self.maker, self.came);
                let what = format!("{maker:?} at {came:?}, not {expected:?}");
                Err(self.violation(Invariant::KnownKeyNeverWaits, &what))
            }
        }
    }

    pub(super) fn answered(&self, outcome: Outcome) -> Result<(), Violation> {
        let kind = match &outcome {
            Ok(()) => Ok(()),
            Err(error) => Err(error.kind()),
        };
        let answered = Answered {
            number: self.number,
            maker: self.maker,
            came: self.came,
            went: self.issuer.now(),
            outcome,
        };
        let judgement = match self.expected {
            Some(expected) if kind != expected => {
                let what = format!("{answered:?}, not {expected:?}");
                Err(Violation(Invariant::NoValidRequestFails, what))
            }
            Some(Err(RefusalKind::Expired | RefusalKind::NotYetValid)) => Ok(()),
            _ => judge(&self.issuer.script().ledger, &answered),
        };
        self.issuer.script().answers.push(answered);
        judgement.map_err(|Violation(invariant, what)| self.violation(invariant, &what))
    }

    fn violation(&self, invariant: Invariant, what: &str) -> Violation {
        let script = self.issuer.script();
        let fetches: Vec<_> = script.ledger.fetches.iter().rev().take(3).collect();
        let what = format!("issuer {}: {what} after {fetches:?}", script.index);
        Violation(invariant, what)
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.stir(|waiting| waiting - 1);
    }
}
