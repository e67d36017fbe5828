//! Random schedules. A schedule contains all events of a run and is drawn from a seed before the
//! run starts.

use std::fmt;
use std::time::Duration;

use fastrand::Rng;

use super::fact::{BEGINNING, Fact, Kind, Target};
use super::history::Settings;
use super::token::{EARLY, LATE};
use crate::log::{Fault, LostAnswers};

const STEPS: usize = 40;

/// The names of revocations that concern no token of the simulation begin here.
const UNRELATED: u32 = 1000;

#[derive(Debug, Clone)]
pub(crate) struct Schedule {
    pub(crate) seed: u64,
    pub(crate) servers: Vec<Settings>,
    /// The revocations in the log when the run begins.
    pub(crate) initial: u32,
    pub(crate) steps: Vec<Step>,
}

#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// The time between the last step and this one, or zero if both happen at the same moment.
    pub(crate) pause: Duration,
    pub(crate) server: usize,
    pub(crate) act: Act,
}

#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// Revokes tokens at the server.
    Revoke {
        fact: Fact,
        is_awaited: bool,
    },
    /// Revokes many tokens that no request presents.
    RevokeMany {
        facts: Vec<Fact>,
    },
    /// Another instance, which is not simulated, appends a revocation.
    Foreign(Fact),
    Start,
    Stop,
    Restart,
    /// Stops the process, as `SIGSTOP` does, or continues it.
    Pause(bool),
    /// Another instance appends a revocation. Then the machine with all servers stands still.
    Freeze {
        fact: Fact,
        time: Duration,
    },
    Fault(Fault),
    Delay(Duration),
    LostAnswers(LostAnswers),
    /// Closes the connection.
    Close,
    /// The log starts again without its records.
    RestartEmpty {
        is_silent: bool,
    },
    /// A copy takes over that lacks the last records and whose clock lags, in milliseconds.
    FailOver {
        lost: usize,
        lag: u64,
        is_silent: bool,
    },
    /// Another copy takes over for the servers of this mask, while the others stay with the old one.
    Split {
        mask: u8,
        lost: usize,
    },
    /// All servers see the newest copy again.
    Heal,
    /// Another program removes all but the newest records.
    TrimForeign {
        kept: usize,
    },
    /// Another program removes a record between others.
    RemoveSingle {
        index: usize,
    },
    Unreadable(&'static str),
    /// Sets the error of the server's clock, in milliseconds.
    Clock(i64),
    /// Repairs the connection of the server.
    Repair,
    Nothing,
}

const UNREADABLE: [&str; 4] =
    ["", "[1]", r#"{"v":2,"token":"t1"}"#, r#"{"v":1,"issuer":"https://issuer-0.example.com"}"#];

const CLOCKS: [i64; 9] = [0, 200, -200, 1500, -1500, 6000, -6000, 240_000, -240_000];

impl Schedule {
    /// Draws a schedule. Each schedule has its own pace and its own weights of events.
    pub(crate) fn draw(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let count = rng.usize(2..=4);
        let refusing = rng.u8(0..3);
        let has_small = rng.u8(..20) == 0;
        let servers = (0..count).map(|_| settings(&mut rng, refusing, has_small)).collect();
        // The longest pause in ms.
        let pace = [300, 2000, 2000, 8000, 8000, 30_000][rng.usize(..6)];
        let weights: [usize; 5] = std::array::from_fn(|_| [0, 1, 1, 2, 3, 5][rng.usize(..6)]);
        // The log of a few schedules has several pages, and few schedules take long enough for the
        // end of revocations.
        let initial = [0, 0, 0, 0, 0, 0, 3, 40, 40, 300][rng.usize(..10)];
        let initial = if rng.u8(..50) == 0 { 3000 } else { initial };
        let mut steps: Vec<_> = (0..STEPS)
            .map(|_| Step {
                pause: pause(&mut rng, pace),
                server: rng.usize(..count),
                act: act(&mut rng, &weights),
            })
            .collect();
        if rng.u8(..12) == 0 {
            steps.splice(10..10, long_steps(&mut rng));
        }
        Self { seed, servers, initial, steps }
    }

    /// Returns the revocations that the log has when the run begins.
    pub(crate) fn initial_facts(&self) -> impl Iterator<Item = Fact> {
        (0..self.initial).map(|number| unrelated(UNRELATED * 1000 + number, BEGINNING + 7000))
    }
}

/// Returns steps with revocations that end, and the time after which they are removed.
fn long_steps(rng: &mut Rng) -> Vec<Step> {
    let first = UNRELATED * 2000;
    let facts = |from: u32, until| (from..from + 100).map(move |n| unrelated(n, until)).collect();
    let many = |from, until| Act::RevokeMany { facts: facts(from, BEGINNING + until) };
    let acts = [many(first, 100), many(first + 100, 120), Act::Nothing];
    let pauses = [1, 2, rng.u64(780..=960)];
    let steps = acts.into_iter().zip(pauses);
    steps.map(|(act, s)| Step { pause: Duration::from_secs(s), server: 0, act }).collect()
}

fn settings(rng: &mut Rng, refusing: u8, has_small: bool) -> Settings {
    let refuses = match refusing {
        0 => false,
        1 => true,
        _ => rng.bool(),
    };
    Settings { refuses, is_required: rng.u8(..4) == 0, is_small: has_small && rng.bool() }
}

fn pause(rng: &mut Rng, pace: u64) -> Duration {
    Duration::from_millis(match rng.u8(..6) {
        0 | 1 => 0,
        2 => rng.u64(1..=60),
        // Pauses of this length are in the range of the bound.
        3 => rng.u64(200..=1300),
        _ => rng.u64(1..=pace),
    })
}

fn unrelated(number: u32, until: u64) -> Fact {
    let kind = [Kind::Token, Kind::Session, Kind::Subject][number as usize % 3];
    Fact::new(Target { issuer: 0, kind, name: UNRELATED + number }, until, LATE)
}

fn fact(rng: &mut Rng) -> Fact {
    let issuer = u8::from(rng.u8(..3) == 0);
    let (kind, name) = match rng.u8(..40) {
        0..20 => (Kind::Token, rng.u32(..16)),
        20..30 => (Kind::Session, rng.u32(..8)),
        30..35 => (Kind::Subject, rng.u32(..6)),
        35..39 => (Kind::Client, rng.u32(..4)),
        _ => (Kind::Issuer, 0),
    };
    let until = BEGINNING + [20, 60, 600, 3600, 3600, 3600, 7000, 7000][rng.usize(..8)];
    let latest = [EARLY - 1, EARLY, LATE, LATE][rng.usize(..4)];
    Fact::new(Target { issuer, kind, name }, until, latest)
}

fn act(rng: &mut Rng, weights: &[usize; 5]) -> Act {
    let [servers, links, log, hostile, clock] = *weights;
    // Revocations and repairs have fixed weights.
    let kinds = [4, 2, 1, servers, links, log, hostile, clock];
    let mut ticket = rng.usize(..kinds.iter().sum::<usize>());
    let kind = kinds.iter().position(|weight| {
        let is_drawn = ticket < *weight;
        ticket = ticket.saturating_sub(*weight);
        is_drawn
    });
    match kind.unwrap_or_default() {
        0 => Act::Revoke { fact: fact(rng), is_awaited: rng.u8(..8) > 0 },
        1 => Act::Repair,
        2 => unusual_revocation(rng),
        3 => server_act(rng),
        4 => link_act(rng),
        5 => log_act(rng),
        6 => hostile_act(rng),
        _ => Act::Clock(CLOCKS[rng.usize(..CLOCKS.len())]),
    }
}

fn unusual_revocation(rng: &mut Rng) -> Act {
    match rng.u8(..4) {
        0 => {
            let (first, until) = (rng.u32(..1_000_000), BEGINNING + [60, 3600][rng.usize(..2)]);
            let count = [3, 20, 150][rng.usize(..3)];
            Act::RevokeMany { facts: (first..first + count).map(|n| unrelated(n, until)).collect() }
        }
        1 | 2 => Act::Foreign(fact(rng)),
        _ => Act::Freeze { fact: fact(rng), time: Duration::from_millis(rng.u64(100..=8000)) },
    }
}

fn server_act(rng: &mut Rng) -> Act {
    match rng.u8(..8) {
        0 => Act::Stop,
        1..4 => Act::Start,
        4 | 5 => Act::Restart,
        6 => Act::Pause(true),
        _ => Act::Pause(false),
    }
}

fn link_act(rng: &mut Rng) -> Act {
    match rng.u8(..9) {
        0 => Act::Fault(Fault::Errors),
        1 => Act::Fault(Fault::Silence),
        2 => Act::Fault(Fault::Stall),
        3 => Act::Delay(Duration::from_millis([20, 80, 400, 1500][rng.usize(..4)])),
        4 => Act::LostAnswers(LostAnswers::AsError),
        5 => Act::LostAnswers(LostAnswers::InSilence),
        6 => Act::Close,
        _ => Act::Repair,
    }
}

fn log_act(rng: &mut Rng) -> Act {
    let lost = [0, 1, 2, 5, 1000][rng.usize(..5)];
    match rng.u8(..6) {
        0 => Act::RestartEmpty { is_silent: rng.bool() },
        1 | 2 => {
            let lag = [0, 50, 3000, 600_000][rng.usize(..4)];
            Act::FailOver { lost, lag, is_silent: rng.bool() }
        }
        3 => Act::Split { mask: rng.u8(..16), lost },
        _ => Act::Heal,
    }
}

fn hostile_act(rng: &mut Rng) -> Act {
    match rng.u8(..8) {
        0..4 => Act::TrimForeign { kept: [0, 0, 1, 2, 5][rng.usize(..5)] },
        4 | 5 => Act::RemoveSingle { index: rng.usize(..20) },
        6 => Act::Unreadable(UNREADABLE[rng.usize(..UNREADABLE.len())]),
        _ => Act::Nothing,
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{} records at first", self.initial)?;
        for (number, settings) in self.servers.iter().enumerate() {
            writeln!(formatter, "server {number}: {settings:?}")?;
        }
        for (number, Step { pause, server, act }) in self.steps.iter().enumerate() {
            match act {
                Act::RevokeMany { facts } => {
                    let count = facts.len();
                    writeln!(
                        formatter,
                        "{number:3} after {pause:?}, server {server}: {count} revocations"
                    )?;
                }
                act => writeln!(formatter, "{number:3} after {pause:?}, server {server}: {act:?}")?,
            }
        }
        Ok(())
    }
}
