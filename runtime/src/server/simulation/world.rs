//! The simulated world: a server, its issuers and its callers, which perform the steps of a schedule.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use fastrand::Rng;
use serde_json::{Value, json};
use tokio::task::{AbortHandle, JoinSet, yield_now};
use tokio::time::sleep;

use super::super::{Issuer, ResourceServer};
use super::callers::{Call, request};
use super::clock::WallClock;
use super::invariants::{Invariant, Violation};
use super::issuer::{History, SimulatedIssuer};
use super::log::Published;
use super::network::LoggedSource;
use super::rate_check::RateCheck;
use super::schedule::{Act, Schedule, Step};
use super::signing::{AUDIENCE, POOLS, Signer, VALID, wall_clock};
use crate::error::RefusalKind;
use crate::keys::Keys;

pub(super) struct World {
    server: ResourceServer,
    issuers: Vec<IssuerState>,
    clock: WallClock,
    /// The error of the wall clock, in seconds.
    offset: i64,
    waiting: JoinSet<Result<(), Violation>>,
}

/// The state of one issuer and of the requests with its tokens.
struct IssuerState {
    issuer: SimulatedIssuer,
    rate: RateCheck,
    requests: usize,
    /// The tasks of the requests whose result is not yet known, oldest first.
    waiting_tasks: VecDeque<AbortHandle>,
}

impl World {
    pub(super) fn new(schedule: &Schedule) -> Self {
        let clock = WallClock::at(wall_clock(0));
        let issuers: Vec<_> = (0..schedule.issuers)
            .map(|index| IssuerState {
                issuer: SimulatedIssuer::new(index, rng(schedule.seed, index, 1)),
                rate: RateCheck::new(),
                requests: 0,
                waiting_tasks: VecDeque::new(),
            })
            .collect();
        let mut server = build_server(schedule.issuers, clock.clone());
        let inner = Arc::get_mut(&mut server.0).unwrap().inner_mut();
        for (index, state) in issuers.iter().enumerate() {
            let name = &POOLS[index].identifier;
            let trusted = inner.issuers.get_mut(name).and_then(Arc::get_mut).unwrap();
            let rng = rng(schedule.seed, index, 2);
            let source = LoggedSource::new(state.issuer.clone());
            trusted.keys = Keys::fetched(name, source, rng, None, None);
        }
        Self { server, issuers, clock, offset: 0, waiting: JoinSet::new() }
    }

    pub(super) async fn perform(&mut self, step: &Step) -> Result<(), Violation> {
        if !step.pause.is_zero() {
            sleep(step.pause).await;
        }
        let issuer = &self.issuers[step.issuer].issuer;
        match step.act {
            Act::Valid(times, from) => {
                if let Some(key) = issuer.published().next_from(from) {
                    self.call_times(step.issuer, Signer::Issuer(key), times).await?;
                }
            }
            Act::AnyKey(key) => self.call_times(step.issuer, Signer::Issuer(key), 1).await?,
            Act::Forged(key) => self.call_times(step.issuer, Signer::Forger(key), 1).await?,
            Act::UnknownKeys(times) => self.call_times(step.issuer, Signer::Unknown, times).await?,
            Act::Publish(key) => issuer.publish(issuer.published().with(key)),
            Act::Withdraw(key) => issuer.publish(issuer.published().without(key)),
            Act::Move { is_gone } => issuer.move_keys(is_gone),
            Act::Replace(key) => issuer.publish(Published::only(key)),
            Act::Behaviour(behaviour) => issuer.script().behaviour = behaviour,
            Act::Lifetime(seconds) => {
                issuer.script().lifetime = seconds.map(Duration::from_secs);
            }
            Act::WallClock(offset) => {
                self.offset = offset;
                self.clock.set(wall_clock(offset));
            }
            Act::Cancel => {
                if let Some(oldest) = self.issuers[step.issuer].waiting_tasks.pop_front() {
                    oldest.abort();
                }
            }
            Act::Nothing => {}
        }
        self.check_progress()
    }

    async fn call_times(
        &mut self,
        issuer: usize,
        signer: Signer,
        times: usize,
    ) -> Result<(), Violation> {
        for _ in 0..times {
            self.call(issuer, signer).await?;
        }
        Ok(())
    }

    /// Makes a request and polls it once. This poll must return the result if the server holds the
    /// key of the request. A request that must wait for a fetch continues in a separate task.
    async fn call(&mut self, issuer: usize, signer: Signer) -> Result<(), Violation> {
        let clock_refusal = self.clock_refusal();
        let state = &mut self.issuers[issuer];
        state.requests += 1;
        let call = Call::new(&state.issuer, signer, state.requests, clock_refusal);
        let mut answer = request(self.server.clone(), issuer, signer, state.requests);
        let first = poll_fn(|context| Poll::Ready(answer.as_mut().poll(context))).await;
        if let Poll::Ready(outcome) = first {
            return call.check_immediate(outcome);
        }
        call.check_may_wait()?;
        let task = self.waiting.spawn(async move { call.check_outcome(answer.await) });
        state.waiting_tasks.push_back(task);
        Ok(())
    }

    /// Returns the refusal that the wrong wall clock causes for every token.
    fn clock_refusal(&self) -> Option<RefusalKind> {
        let valid = i64::try_from(VALID.as_secs()).unwrap();
        match self.offset {
            offset if offset > valid => Some(RefusalKind::Expired),
            offset if offset < -valid => Some(RefusalKind::NotYetValid),
            _ => None,
        }
    }

    /// Checks everything that happened since the last step.
    fn check_progress(&mut self) -> Result<(), Violation> {
        while let Some(done) = self.waiting.try_join_next() {
            match done {
                Ok(judgement) => judgement?,
                Err(error) => assert!(error.is_cancelled(), "{error}"),
            }
        }
        for state in &mut self.issuers {
            state.waiting_tasks.retain(|request| !request.is_finished());
            let (script, now) = (state.issuer.script(), state.issuer.now());
            state.rate.judge(&script.log, now)?;
        }
        Ok(())
    }

    /// Drops the server, checks that no keys are fetched afterwards, and returns the histories of
    /// the issuers.
    pub(super) async fn end(mut self) -> Result<Vec<History>, Violation> {
        self.waiting.shutdown().await;
        drop(self.server);
        yield_now().await;
        let histories = |issuers: &[IssuerState]| -> Vec<History> {
            issuers.iter().map(|state| state.issuer.history()).collect()
        };
        let before = histories(&self.issuers);
        sleep(Duration::from_hours(48)).await;
        let is_fetching = self.issuers.iter().any(|state| state.issuer.script().log.under_way());
        if is_fetching || histories(&self.issuers) != before {
            let message = "a fetch after the server was dropped".to_owned();
            return Err(Violation(Invariant::NothingOutlivesTheServer, message));
        }
        Ok(before)
    }
}

/// Returns a random generator for one issuer and one purpose, so that the issuers do not influence
/// each other.
fn rng(seed: u64, issuer: usize, purpose: u64) -> Rng {
    let issuer = u64::try_from(issuer).unwrap();
    Rng::with_seed(seed ^ (issuer << 32) ^ (purpose << 48))
}

/// Builds a server through the public API. Its issuers have configured key sets, which `World::new`
/// replaces with the simulated issuers.
fn build_server(issuers: usize, clock: WallClock) -> ResourceServer {
    let mut builder = ResourceServer::builder().audience(AUDIENCE).clock(clock);
    for pool in POOLS.iter().take(issuers) {
        let key: Value = serde_json::from_str(&pool.published[0]).unwrap();
        let issuer = Issuer::new(&pool.identifier).jwks(json!({ "keys": [key] }));
        builder = builder.issuer(issuer);
    }
    builder.build().unwrap()
}
