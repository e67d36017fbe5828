//! The simulated world: the servers and their log, which perform the steps of a schedule.

mod act;
mod links;
mod processes;

use std::sync::LazyLock;
use std::time::Duration;

use tokio::time::sleep;

use self::links::repair;
use super::history::{Event, Recorder};
use super::instance::Instance;
use super::schedule::{Schedule, Step};
use super::token;
use crate::log::SharedLog;

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
}
