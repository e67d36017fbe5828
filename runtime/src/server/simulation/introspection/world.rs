//! The simulated world: a server, the endpoints of its issuers and its callers, which perform the
//! steps of a schedule.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::task::{AbortHandle, JoinSet, yield_now};
use tokio::time::{Instant, sleep};

use super::super::bounds::PATIENCE;
use super::super::invariants::{Invariant, Violation};
use super::super::signing::{AUDIENCE, NOW, POOLS};
use super::bounds::{CONCURRENT, WAITING};
use super::call::Call;
use super::endpoint::{Endpoint, Network};
use super::history::History;
use super::invariants::CallResult;
use super::schedule::{Act, Schedule, Step};
use super::token::{ALWAYS, OPAQUE, TOKENS, Token, UNASKED};
use crate::clock::Clock;
use crate::error::TokenError;
use crate::introspection::{Introspection, Mode};
use crate::server::{Issuer, ResourceServer};

/// A wall clock that goes with the virtual clock of the run.
#[derive(Debug)]
struct RunningClock(Instant);

impl Clock for RunningClock {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + NOW + self.0.elapsed()
    }
}

pub(super) struct World {
    server: ResourceServer,
    /// The endpoints of the issuers `OPAQUE` and `ALWAYS`.
    endpoints: [Endpoint; 2],
    /// The results, by issuer.
    results: [Vec<CallResult>; 3],
    requests: usize,
    /// The number of random tokens, and of forged tokens, so far.
    flooded: [u32; 2],
    waiting: JoinSet<(usize, Result<CallResult, Violation>)>,
    waiting_tasks: VecDeque<(usize, AbortHandle)>,
}

type Answer = Pin<Box<dyn Future<Output = Result<(), TokenError>> + Send>>;

impl World {
    pub(super) fn new(schedule: &Schedule) -> Self {
        let endpoints = [OPAQUE, ALWAYS]
            .map(|issuer| Endpoint::new(issuer, *schedule.terms(issuer), schedule.seed));
        Self {
            server: build_server(schedule, &endpoints),
            endpoints,
            results: Default::default(),
            requests: 0,
            flooded: [0; 2],
            waiting: JoinSet::new(),
            waiting_tasks: VecDeque::new(),
        }
    }

    fn endpoint(&self, issuer: usize) -> &Endpoint {
        &self.endpoints[usize::from(issuer == ALWAYS)]
    }

    pub(super) async fn perform(&mut self, step: &Step) -> Result<(), Violation> {
        if !step.pause.is_zero() {
            sleep(step.pause).await;
        }
        self.check_progress()?;
        let genuine = |number| {
            if step.issuer == OPAQUE { Token::Opaque(number) } else { Token::Signed(number) }
        };
        match step.act {
            Act::Genuine(times, number) => {
                for _ in 0..times {
                    self.call(genuine(number)).await?;
                }
            }
            Act::Unasked(times, number) => {
                for _ in 0..times {
                    self.call(Token::Unasked(number)).await?;
                }
            }
            Act::Flood(times) => {
                for _ in 0..times {
                    let token = self.next_of_flood(step.issuer);
                    self.call(token).await?;
                }
            }
            Act::LastOfFlood if step.issuer == OPAQUE => {
                self.call(Token::Random(self.flooded[0])).await?;
            }
            Act::Withdraw(number) => self.change(step.issuer, genuine(number), false),
            Act::Restore(number) => self.change(step.issuer, genuine(number), true),
            Act::Behaviour(behaviour) => self.endpoint(step.issuer).script().behaviour = behaviour,
            Act::Cancel => {
                let oldest =
                    self.waiting_tasks.iter().position(|(issuer, _)| *issuer == step.issuer);
                if let Some((_, task)) = oldest.and_then(|index| self.waiting_tasks.remove(index)) {
                    task.abort();
                }
            }
            Act::LastOfFlood | Act::Nothing => {}
        }
        self.check_progress()
    }

    /// Returns a new random token, or a forged one.
    fn next_of_flood(&mut self, issuer: usize) -> Token {
        let [random, forged] = &mut self.flooded;
        if issuer == OPAQUE {
            *random += 1;
            return Token::Random(*random);
        }
        *forged += 1;
        Token::Forged(u8::try_from(*forged % u32::from(TOKENS)).unwrap())
    }

    fn change(&self, issuer: usize, token: Token, is_active: bool) {
        let endpoint = self.endpoint(issuer);
        endpoint.script().log.change(endpoint.now(), token, is_active);
    }

    /// Makes a request and polls it once. This poll must return the result if the server need not
    /// ask. A request that must wait for an answer continues in a separate task.
    async fn call(&mut self, token: Token) -> Result<(), Violation> {
        self.requests += 1;
        let issuer = token.issuer();
        let call = Call::new(self.endpoint(issuer), token, self.requests);
        let (server, text) = (self.server.clone(), token.text());
        let mut answer: Answer =
            Box::pin(async move { server.authenticate(text.as_str()).await.map(drop) });
        let first = poll_fn(|context| Poll::Ready(answer.as_mut().poll(context))).await;
        if let Poll::Ready(outcome) = first {
            self.results[issuer].push(call.check_immediate(outcome)?);
            return Ok(());
        }
        call.check_may_wait()?;
        let task = self.waiting.spawn(async move { (issuer, call.check(answer.await)) });
        self.waiting_tasks.push_back((issuer, task));
        Ok(())
    }

    /// Checks everything that happened since the last step.
    fn check_progress(&mut self) -> Result<(), Violation> {
        while let Some(done) = self.waiting.try_join_next() {
            match done {
                Ok((issuer, result)) => self.results[issuer].push(result?),
                Err(error) => assert!(error.is_cancelled(), "{error}"),
            }
        }
        self.waiting_tasks.retain(|(_, request)| !request.is_finished());
        for endpoint in &self.endpoints {
            endpoint.script().check.judge()?;
        }
        // Each question has a task, and each request that waits.
        let tasks = Handle::current().metrics().num_alive_tasks();
        let most = self.waiting.len() + 2 * (WAITING + CONCURRENT);
        if tasks > most {
            let message = format!("{tasks} tasks, not {most}");
            return Err(Violation(Invariant::MemoryIsBounded, message));
        }
        Ok(())
    }

    /// Drops the server, checks that the questions under way end and that no others follow, and
    /// returns the histories of the issuers.
    pub(super) async fn end(mut self) -> Result<[History; 3], Violation> {
        self.waiting.shutdown().await;
        drop(self.server);
        yield_now().await;
        sleep(PATIENCE * 2).await;
        let histories = |endpoints: &[Endpoint; 2]| {
            endpoints.each_ref().map(|endpoint| endpoint.script().log.questions.clone())
        };
        let [of_opaque, of_always] = histories(&self.endpoints);
        sleep(Duration::from_hours(48)).await;
        let tasks = Handle::current().metrics().num_alive_tasks();
        if tasks > 0 || histories(&self.endpoints) != [of_opaque.clone(), of_always.clone()] {
            let message = format!("{tasks} tasks after the server was dropped");
            return Err(Violation(Invariant::NothingOutlivesTheServer, message));
        }
        let [unasked, opaque, always] = self.results;
        Ok([
            History::new(Vec::new(), unasked),
            History::new(of_opaque, opaque),
            History::new(of_always, always),
        ])
    }
}

/// Builds a server through the public API: one issuer whose keys are configured, one that is asked
/// about opaque tokens, and one that is asked about its JWTs too.
fn build_server(schedule: &Schedule, endpoints: &[Endpoint; 2]) -> ResourceServer {
    let issuer = |index: usize| {
        let keys: Vec<Value> =
            POOLS[index].published.iter().map(|key| serde_json::from_str(key).unwrap()).collect();
        // The last two keys have the same `kid`, so the last one is left out.
        let keys = &keys[..usize::from(TOKENS)];
        Issuer::new(&POOLS[index].identifier).jwks(json!({ "keys": keys }))
    };
    let asked = |index, mode| {
        let introspection = Introspection::new()
            .endpoint(Endpoint::url(index))
            .client_id("api")
            .client_secret("a secret of the server")
            .cache_period(schedule.terms(index).period)
            .mode(mode);
        issuer(index).introspection(introspection)
    };
    let server = ResourceServer::builder()
        .audience(AUDIENCE)
        .clock(RunningClock(Instant::now()))
        .fetch(Network(endpoints.to_vec()))
        .issuer(issuer(UNASKED))
        .issuer(asked(OPAQUE, Mode::Opaque))
        .issuer(asked(ALWAYS, Mode::Always));
    server.build().unwrap()
}
