//! The simulated world: the servers and their log, which perform the steps of a schedule.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::LazyLock;
use std::task::Poll;
use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::{advance, sleep};

use super::fact::Fact;
use super::history::{Event, Recorder};
use super::instance::{Instance, outcome};
use super::schedule::{Act, Schedule, Step};
use super::token;
use crate::log::{Fault, Link, LostAnswers, Removal, SharedLog};

/// The longest delay in each direction with which a connection is in order.
const SHORT_DELAY: Duration = Duration::from_millis(80);
/// The time that the servers have to repair everything after the faults.
pub(crate) const SETTLING: Duration = Duration::from_secs(15);
/// The time without events after that.
const QUIET: Duration = Duration::from_secs(20);

pub(crate) struct World {
    pub(crate) recorder: Recorder,
    log: SharedLog,
    instances: Vec<Instance>,
    calls: usize,
}

impl World {
    pub(crate) async fn begin(schedule: &Schedule) -> Self {
        // The servers draw their pauses from this generator, and the tokens their names.
        LazyLock::force(&token::ALL);
        fastrand::seed(schedule.seed);
        let log = SharedLog::new(schedule.seed);
        let instances =
            schedule.servers.iter().map(|settings| Instance::new(*settings, &log)).collect();
        let recorder = Recorder::new(log.clone());
        let mut world = Self { recorder, log, instances, calls: 0 };
        for fact in schedule.initial_facts() {
            world.log.append(fact.record());
        }
        for server in 0..world.instances.len() {
            world.start(server).await;
        }
        world
    }

    pub(crate) async fn perform(&mut self, step: &Step) {
        self.pass(step.pause).await;
        self.act(step.server, &step.act).await;
        self.sample().await;
    }

    async fn act(&mut self, server: usize, act: &Act) {
        match act {
            Act::Revoke { fact, is_awaited } => self.revoke(server, fact, *is_awaited).await,
            Act::RevokeMany { facts } => {
                for fact in facts {
                    self.revoke(server, fact, true).await;
                }
            }
            Act::Foreign(fact) => drop(self.log.append(fact.record())),
            Act::Start => self.start(server).await,
            Act::Stop => self.stop(server).await,
            Act::Restart => {
                self.stop(server).await;
                self.start(server).await;
            }
            Act::Pause(is_paused) => self.pause(server, *is_paused),
            Act::Freeze { fact, time } => self.freeze(fact, *time).await,
            Act::Fault(fault) => self.set_link(server, |link| link.fault = *fault),
            Act::Delay(delay) => self.set_link(server, |link| link.delay = *delay),
            Act::LostAnswers(lost) => self.set_link(server, |link| link.lost_answers = *lost),
            Act::Close => {
                let copy = self.copy_of(server);
                self.log.attach(copy, &[self.link(server)], false);
            }
            Act::Repair => self.set_link(server, repair),
            Act::RestartEmpty { is_silent } => {
                self.log.take_over(self.log.empty(), &self.links(), *is_silent);
            }
            Act::FailOver { lost, lag, is_silent } => {
                self.log.take_over(self.log.lagging(*lost, *lag), &self.links(), *is_silent);
            }
            Act::Split { mask, lost } => {
                let all = self.links().into_iter();
                let some: Vec<_> = all.filter(|link| mask >> link & 1 == 1).collect();
                self.log.take_over(self.log.lagging(*lost, 0), &some, false);
            }
            Act::Heal => self.heal(),
            Act::TrimForeign { kept } => {
                let count = self.log.records(self.log.newest()).len();
                self.log.remove(Removal::Foreign, |index| index + kept < count);
            }
            Act::RemoveSingle { index } => {
                self.log.remove(Removal::Single, |other| other == *index);
            }
            Act::Unreadable(text) => drop(self.log.append(*text)),
            Act::Clock(ahead) => {
                self.instances[server].clock.set_ahead(*ahead);
                self.recorder.record(Event::Clock { server, ahead: *ahead });
            }
            Act::Nothing => {}
        }
    }

    /// Ends all faults, and gives the servers the time to repair everything.
    pub(crate) async fn end_faults(&mut self) {
        for server in 0..self.instances.len() {
            self.pause(server, false);
            self.set_link(server, repair);
        }
        self.heal();
        self.recorder.record(Event::FaultsEnded);
        for server in 0..self.instances.len() {
            self.start(server).await;
        }
        self.pass(SETTLING).await;
        self.sample().await;
        self.recorder.record(Event::Settled);
    }

    /// Lets time pass without events, and drops the servers.
    pub(crate) async fn end(&mut self, quiet: Duration) {
        self.pass(QUIET.max(quiet)).await;
        self.sample().await;
        self.recorder.record(Event::Ended);
        for server in 0..self.instances.len() {
            self.stop(server).await;
        }
    }

    /// Lets time pass, and presents tokens again and again.
    async fn pass(&self, time: Duration) {
        let end = self.recorder.now() + time;
        let mut interval = Duration::from_millis(90);
        loop {
            let rest = end.saturating_sub(self.recorder.now());
            if rest.is_zero() {
                return;
            }
            sleep(interval.min(rest)).await;
            self.sample().await;
            interval = (interval * 5 / 4).min(Duration::from_secs(10));
        }
    }

    async fn sample(&self) {
        for (server, instance) in self.instances.iter().enumerate() {
            if instance.is_active() {
                let sample = Box::new(instance.sample().await);
                self.recorder.record(Event::Sampled { server, sample });
            }
        }
    }

    async fn start(&mut self, server: usize) {
        if self.instances[server].is_up() {
            return;
        }
        let settings = self.instances[server].settings;
        self.instances[server].start();
        self.recorder.record(Event::Started { server, settings });
        self.sample().await;
    }

    async fn stop(&mut self, server: usize) {
        if !self.instances[server].is_up() {
            return;
        }
        self.pause(server, false);
        self.instances[server].stop();
        self.recorder.record(Event::Stopped { server });
        for _ in 0..3 {
            yield_now().await;
        }
        if self.log.calls(self.link(server)) > 0 {
            self.recorder.record(Event::CallsOutliveServer { server });
        }
    }

    /// Stops or continues the process of a server.
    fn pause(&mut self, server: usize, is_paused: bool) {
        let instance = &mut self.instances[server];
        if !instance.is_up() || instance.is_paused == is_paused {
            return;
        }
        instance.is_paused = is_paused;
        if is_paused {
            instance.clock.stop();
        } else {
            instance.clock.go_on();
        }
        self.log.set_link(instance.linked.link(), |link| link.is_paused = is_paused);
        self.recorder.record(Event::Paused { server, is_paused });
    }

    /// Appends a revocation of another instance. Then all servers stand still for this time, and
    /// requests come before any task of a server runs again.
    async fn freeze(&self, fact: &Fact, time: Duration) {
        self.log.append(fact.record());
        let mut standstill = pin!(advance(time));
        let first = poll_fn(|context| Poll::Ready(standstill.as_mut().poll(context))).await;
        for (server, _) in self.instances.iter().enumerate() {
            let is_paused = self.instances[server].is_paused;
            self.recorder.record(Event::Paused { server, is_paused });
        }
        self.sample().await;
        if first.is_pending() {
            standstill.await;
        }
    }

    async fn revoke(&mut self, server: usize, fact: &Fact, is_awaited: bool) {
        if !self.instances[server].is_active() {
            return;
        }
        self.calls += 1;
        let call = self.calls;
        let mut revoking = self.instances[server].revoke(fact);
        self.recorder.record(Event::Called { server, call, fact: *fact });
        let first = poll_fn(|context| Poll::Ready(revoking.as_mut().poll(context))).await;
        if let Poll::Ready(result) = first {
            self.recorder.record(Event::Resolved { call, outcome: outcome(&result) });
        } else if is_awaited {
            let recorder = self.recorder.clone();
            tokio::spawn(async move {
                let outcome = outcome(&revoking.await);
                recorder.record(Event::Resolved { call, outcome });
            });
        } else {
            self.recorder.record(Event::Abandoned { call });
        }
    }

    fn set_link(&self, server: usize, change: impl FnOnce(&mut Link)) {
        let (mut before, mut after) = (false, false);
        self.log.set_link(self.link(server), |link| {
            before = is_in_order(link);
            change(link);
            after = is_in_order(link);
        });
        if before != after {
            self.recorder.record(Event::Link { server, is_in_order: after });
        }
    }

    fn heal(&self) {
        self.log.attach(self.log.newest(), &self.links(), false);
    }

    fn link(&self, server: usize) -> usize {
        self.instances[server].linked.link()
    }

    fn links(&self) -> Vec<usize> {
        (0..self.instances.len()).map(|server| self.link(server)).collect()
    }

    fn copy_of(&self, server: usize) -> usize {
        let mut copy = 0;
        self.log.set_link(self.link(server), |link| copy = link.copy);
        copy
    }
}

fn repair(link: &mut Link) {
    link.fault = Fault::None;
    link.lost_answers = LostAnswers::Never;
    link.delay = Duration::ZERO;
}

fn is_in_order(link: &Link) -> bool {
    link.fault == Fault::None
        && link.lost_answers == LostAnswers::Never
        && link.delay <= SHORT_DELAY
}
