//! The faults.

mod clocks;
mod instances;
mod network;
mod redis;
mod stream;

use std::time::Duration;

use tokio::time::sleep;

use crate::fleet::{Fleet, INSTANCES};

/// The instance of the faults that concern one.
const ONE: usize = INSTANCES - 1;

/// A fault: its name in the table, the way to cause it, and the effects that it may have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    pub(crate) cause: Cause,
    pub(crate) under: Under,
    pub(crate) with_go_on: Knowledge,
    /// With `refuse`, instances under the fault may answer 503.
    pub(crate) may_be_unavailable: bool,
    pub(crate) is_short: bool,
}

/// The revocations that an instance under a fault knows if it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Knowledge {
    /// It knows all within the bound.
    Bounded,
    /// It may learn of others after the fault. The table states the time.
    Late,
    /// It may also have forgotten its own.
    Forgotten,
}

/// The instances that a fault concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Under {
    None,
    One,
    All,
}

impl Under {
    pub(crate) fn contains(self, instance: usize) -> bool {
        match self {
            Self::None => false,
            Self::One => instance == ONE,
            Self::All => true,
        }
    }
}

/// The way to cause a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    Nothing,
    /// Neither requests nor answers arrive.
    Silence,
    /// Requests arrive, answers do not.
    HalfOpen,
    /// Connections are closed.
    Closed,
    /// All lines are silent.
    SilenceOfAll,
    RedisRestart,
    RedisWithoutData,
    RedisKilled,
    /// Answers arrive later by this many milliseconds.
    Slow(u64),
    /// A replica takes over that lacks the newest records and gives lower positions.
    Failover,
    /// A replica takes over that has each acknowledged record.
    FailoverAfterWait,
    Paused,
    /// The clocks of two instances differ from the right time by 30 s, one to each side.
    Clocks,
    /// The clock of one instance differs by 5 minutes.
    ClockOfOne,
    /// The clock of one running instance is set back by 5 minutes.
    ClockSetBack,
    /// The stream is trimmed while one instance is paused.
    Trimmed,
    Deleted,
    Poisoned,
    OneAfterAnother,
    Together,
    /// One instance is restarted while it cannot reach Redis.
    RestartedCutOff,
}

impl Cause {
    pub(crate) fn has_replica(self) -> bool {
        matches!(self, Self::Failover | Self::FailoverAfterWait)
    }

    pub(crate) fn has_shifted_clocks(self) -> bool {
        matches!(self, Self::Clocks | Self::ClockOfOne | Self::ClockSetBack)
    }
}

/// The durations of a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Durations {
    /// The load before and after a fault.
    pub(crate) calm: Duration,
    /// A partition, a slow network, a changed clock.
    pub(crate) fault: Duration,
    pub(crate) pause: Duration,
    /// The time for which Redis is away.
    pub(crate) away: Duration,
}

impl Durations {
    pub(crate) const LONG: Self = Self::of_seconds(5, 30, 60, 10);
    pub(crate) const SHORT: Self = Self::of_seconds(1, 4, 4, 2);

    const fn of_seconds(calm: u64, fault: u64, pause: u64, away: u64) -> Self {
        Self {
            calm: Duration::from_secs(calm),
            fault: Duration::from_secs(fault),
            pause: Duration::from_secs(pause),
            away: Duration::from_secs(away),
        }
    }
}

impl Fault {
    const fn new(name: &'static str, cause: Cause, under: Under) -> Self {
        Self {
            name,
            cause,
            under,
            with_go_on: Knowledge::Late,
            may_be_unavailable: true,
            is_short: true,
        }
    }

    /// A fault that must not delay a revocation or make an instance unavailable.
    const fn harmless(mut self) -> Self {
        self.with_go_on = Knowledge::Bounded;
        self.may_be_unavailable = false;
        self
    }

    /// A fault that may make instances unavailable but must not delay a revocation.
    const fn bounded(mut self) -> Self {
        self.with_go_on = Knowledge::Bounded;
        self
    }

    /// A fault after which an instance knows nothing until it reaches Redis.
    const fn forgetful(mut self) -> Self {
        self.with_go_on = Knowledge::Forgotten;
        self
    }

    const fn long_only(mut self) -> Self {
        self.is_short = false;
        self
    }

    /// Causes the fault and ends it.
    pub(crate) async fn run(&self, fleet: &Fleet, durations: &Durations) {
        match self.cause {
            Cause::Nothing => sleep(durations.fault).await,
            Cause::Silence => network::silence(fleet, &[ONE], durations).await,
            Cause::SilenceOfAll => network::silence(fleet, &[0, 1, 2], durations).await,
            Cause::HalfOpen => network::half_open(fleet, ONE, durations).await,
            Cause::Closed => network::closed(fleet, ONE, durations).await,
            Cause::Slow(millis) => network::slow(fleet, millis, durations).await,
            Cause::RedisRestart => redis::restart(fleet, durations).await,
            Cause::RedisWithoutData => redis::restart_without_data(fleet, durations).await,
            Cause::RedisKilled => redis::kill(fleet, durations).await,
            Cause::Failover => redis::fail_over(fleet, ONE, durations).await,
            Cause::FailoverAfterWait => redis::fail_over_after_wait(fleet).await,
            Cause::Paused => instances::pause(fleet, ONE, durations).await,
            Cause::OneAfterAnother => instances::restart_one_after_another(fleet).await,
            Cause::Together => instances::restart_together(fleet).await,
            Cause::RestartedCutOff => instances::restart_cut_off(fleet, ONE, durations).await,
            Cause::Clocks => clocks::differ(fleet, &[(0, 30), (ONE, -30)], durations).await,
            Cause::ClockOfOne => clocks::differ(fleet, &[(ONE, 300)], durations).await,
            Cause::ClockSetBack => clocks::set_back(fleet, ONE, durations).await,
            Cause::Trimmed => stream::trim(fleet, ONE, durations).await,
            Cause::Deleted => stream::delete(fleet, durations).await,
            Cause::Poisoned => stream::poison(fleet, durations).await,
        }
    }
}

/// The rows of the table.
pub(crate) const FAULTS: [Fault; 23] = [
    Fault::new("none", Cause::Nothing, Under::None).harmless(),
    Fault::new("one instance cut off, packets dropped", Cause::Silence, Under::One),
    Fault::new("one instance, answers of Redis dropped", Cause::HalfOpen, Under::One).long_only(),
    Fault::new("one instance, connections closed", Cause::Closed, Under::One).long_only(),
    Fault::new("all instances cut off, packets dropped", Cause::SilenceOfAll, Under::All),
    Fault::new("Redis restarted, with its data", Cause::RedisRestart, Under::All),
    Fault::new("Redis restarted, without data", Cause::RedisWithoutData, Under::All),
    Fault::new("Redis killed (SIGKILL), restarted", Cause::RedisKilled, Under::All),
    Fault::new("answers of Redis 300 ms late", Cause::Slow(300), Under::All).bounded(),
    Fault::new("answers of Redis 900 ms late", Cause::Slow(900), Under::All).long_only(),
    Fault::new("answers of Redis 3 s late", Cause::Slow(3000), Under::All),
    Fault::new("failover, newest records lost, lower positions", Cause::Failover, Under::All),
    Fault::new("failover, with `WAIT 1`", Cause::FailoverAfterWait, Under::All),
    Fault::new("one instance paused (SIGSTOP)", Cause::Paused, Under::One),
    Fault::new("clocks 30 s ahead and 30 s behind", Cause::Clocks, Under::All).harmless(),
    Fault::new("clock of one instance 5 min ahead", Cause::ClockOfOne, Under::One)
        .harmless()
        .long_only(),
    Fault::new("clock of one instance set back by 5 min", Cause::ClockSetBack, Under::One)
        .bounded(),
    Fault::new("stream trimmed under a paused instance", Cause::Trimmed, Under::All),
    Fault::new("stream deleted", Cause::Deleted, Under::All).bounded(),
    Fault::new("unreadable records in the stream", Cause::Poisoned, Under::All).bounded(),
    Fault::new("instances restarted one after another", Cause::OneAfterAnother, Under::All)
        .harmless(),
    Fault::new("all instances restarted together", Cause::Together, Under::All).harmless(),
    Fault::new("one instance restarted while cut off", Cause::RestartedCutOff, Under::One)
        .forgetful(),
];
