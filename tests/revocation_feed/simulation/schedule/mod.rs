//! Random schedules. A schedule contains all events of a run and is drawn from a seed before the
//! run starts.

mod acts;
mod scenes;

use std::fmt;
use std::time::Duration;

use fastrand::Rng;

use self::acts::{act, unrelated};
use self::scenes::long_steps;
use super::fact::{BEGINNING, Fact};
use super::history::Settings;
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
