//! A server, its issuers and its callers, taken through a schedule.

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
use super::rate::Rate;
use super::schedule::{Act, Schedule, Step};
use super::signing::{AUDIENCE, Maker, POOLS, VALID, wall_clock};
use crate::error::RefusalKind;
use crate::keys::Keys;

pub(super) struct World {
    server: ResourceServer,
    sides: Vec<Side>,
    clock: WallClock,
    /// How wrong it is, in seconds.
    off: i64,
    waiting: JoinSet<Result<(), Violation>>,
}

/// One issuer, and the requests with its tokens.
struct Side {
    issuer: SimulatedIssuer,
    rate: Rate,
    requests: usize,
    longest_waiting: VecDeque<AbortHandle>,
}

impl World {
    pub(super) fn new(schedule: &Schedule) -> Self {
        let clock = WallClock::at(wall_clock(0));
        let side = |index| Side {
            issuer: SimulatedIssuer::new(index, chance(schedule.seed, index, 1)),
            rate: Rate::new(),
            requests: 0,
            longest_waiting: VecDeque::new(),
        };
        let sides: Vec<_> = (0..schedule.issuers).map(side).collect();
        let mut server = built(schedule.issuers, clock.clone());
        let inner = Arc::get_mut(&mut server.0).unwrap().inner_mut();
        for (index, side) in sides.iter().enumerate() {
            let name = &POOLS[index].identifier;
            let trusted = inner.issuers.get_mut(name).and_then(Arc::get_mut).unwrap();
            let chance = chance(schedule.seed, index, 2);
            trusted.keys = Keys::fetched(name, side.issuer.clone(), chance, None, None);
        }
        Self { server, sides, clock, off: 0, waiting: JoinSet::new() }
    }

    pub(super) async fn take(&mut self, step: &Step) -> Result<(), Violation> {
        if !step.pause.is_zero() {
            sleep(step.pause).await;
        }
        let issuer = &self.sides[step.issuer].issuer;
        match step.act {
            Act::Valid(times, from) => {
                if let Some(key) = issuer.published().next_from(from) {
                    self.ask(step.issuer, Maker::Issuer(key), times).await?;
                }
            }
            Act::AnyKey(key) => self.ask(step.issuer, Maker::Issuer(key), 1).await?,
            Act::Forged(key) => self.ask(step.issuer, Maker::Forger(key), 1).await?,
            Act::Strays(times) => self.ask(step.issuer, Maker::Stranger, times).await?,
            Act::Publish(key) => issuer.publish(issuer.published().with(key)),
            Act::Withdraw(key) => issuer.publish(issuer.published().without(key)),
            Act::Replace(key) => issuer.publish(Published::only(key)),
            Act::Weather(weather) => issuer.script().weather = weather,
            Act::Lifetime(seconds) => {
                issuer.script().lifetime = seconds.map(Duration::from_secs);
            }
            Act::WallClock(off) => {
                self.off = off;
                self.clock.set(wall_clock(off));
            }
            Act::Leave => {
                let waiting = &mut self.sides[step.issuer].longest_waiting;
                if let Some(first) = waiting.pop_front() {
                    first.abort();
                }
            }
            Act::Nothing => {}
        }
        self.look()
    }

    async fn ask(&mut self, issuer: usize, maker: Maker, times: usize) -> Result<(), Violation> {
        for _ in 0..times {
            self.call(issuer, maker).await?;
        }
        Ok(())
    }

    /// Looks for the answer once: what is known is answered by then. Who has to wait does so on his
    /// own.
    async fn call(&mut self, issuer: usize, maker: Maker) -> Result<(), Violation> {
        let hopeless = self.hopeless();
        let side = &mut self.sides[issuer];
        side.requests += 1;
        let call = Call::new(&side.issuer, maker, side.requests, hopeless);
        let mut answer = request(self.server.clone(), issuer, maker, side.requests);
        let first = poll_fn(|context| Poll::Ready(answer.as_mut().poll(context))).await;
        if let Poll::Ready(outcome) = first {
            return call.answered(outcome);
        }
        call.waits()?;
        let waits = async move { call.answered(answer.await) };
        side.longest_waiting.push_back(self.waiting.spawn(waits));
        Ok(())
    }

    /// What the wall clock alone says to every token.
    fn hopeless(&self) -> Option<RefusalKind> {
        let valid = i64::try_from(VALID.as_secs()).unwrap();
        match self.off {
            off if off > valid => Some(RefusalKind::Expired),
            off if off < -valid => Some(RefusalKind::NotYetValid),
            _ => None,
        }
    }

    /// What came about since the last step.
    fn look(&mut self) -> Result<(), Violation> {
        while let Some(done) = self.waiting.try_join_next() {
            match done {
                Ok(judgement) => judgement?,
                Err(gone) => assert!(gone.is_cancelled(), "{gone}"),
            }
        }
        for side in &mut self.sides {
            side.longest_waiting.retain(|request| !request.is_finished());
            let (script, now) = (side.issuer.script(), side.issuer.now());
            side.rate.judge(&script.ledger, now)?;
        }
        Ok(())
    }

    /// The last clone goes, and with it all that it had begun.
    pub(super) async fn end(mut self) -> Result<Vec<History>, Violation> {
        self.waiting.shutdown().await;
        drop(self.server);
        yield_now().await;
        let histories = |sides: &[Side]| -> Vec<History> {
            sides.iter().map(|side| side.issuer.history()).collect()
        };
        let before = histories(&self.sides);
        sleep(Duration::from_hours(48)).await;
        let under_way = |side: &Side| side.issuer.script().ledger.under_way();
        if self.sides.iter().any(under_way) || histories(&self.sides) != before {
            let what = "a fetch for nobody".to_owned();
            return Err(Violation(Invariant::NothingOutlivesTheServer, what));
        }
        Ok(before)
    }
}

/// Of each issuer its own, so that none depends on what happens to another.
fn chance(seed: u64, issuer: usize, purpose: u64) -> Rng {
    let issuer = u64::try_from(issuer).unwrap();
    Rng::with_seed(seed ^ (issuer << 32) ^ (purpose << 48))
}

/// Built as ever, of issuers with sets that were written down.
fn built(issuers: usize, clock: WallClock) -> ResourceServer {
    let mut builder = ResourceServer::builder().audience(AUDIENCE).clock(clock);
    for pool in POOLS.iter().take(issuers) {
        let key: Value = serde_json::from_str(&pool.published[0]).unwrap();
        let issuer = Issuer::new(&pool.identifier).jwks(json!({ "keys": [key] }));
        builder = builder.issuer(issuer);
    }
    builder.build().unwrap()
}
