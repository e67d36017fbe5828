//! Random schedules. A schedule contains all events of a run and is drawn from a seed before the
//! run starts.

mod acts;
mod scenes;

use std::fmt;
use std::time::Duration;

use fastrand::Rng;

pub(crate) use self::acts::ended;

use self::acts::{act, unrelated};
use self::scenes::{long_steps, sleep_through_loss, sleep_through_trim};
use super::fact::{BEGINNING, Fact};
use super::history::Settings;
use crate::log::{Fault, LostAnswers, Removal};

const STEPS: usize = 40;

/// The names of revocations that concern no token of the simulation begin here.
const UNRELATED: u32 = 1000;

#[derive(Debug, Clone)]
pub(crate) struct Schedule {
    pub(crate) seed: u64,
    pub(crate) servers: Vec<Settings>,
    /// The revocations in the log when the run begins.
    pub(crate) initial: u32,
    /// True if the log begins with records that ended long ago.
    pub(crate) has_ended: bool,
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
    /// Another program deletes the log, whose lineage stays the same. Its clock lags from now on, in
    /// milliseconds, so that its positions may become lower.
    Delete {
        lag: u64,
    },
    /// Another instance appends a revocation, and another program removes it before any server can
    /// read it: the record alone, or all records.
    AppendUnread {
        fact: Fact,
        removal: Removal,
    },
    /// Another instance appends records that ended long ago.
    AppendEnded,
    /// Another program removes all but the newest records.
    TrimForeign {
        kept: usize,
    },
    /// Another program removes a record between others, or the last one.
    RemoveSingle {
        index: usize,
    },
    RemoveLast,
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
        let has_ended = rng.u8(..4) == 0;
        let index = rng.usize(..15);
        match rng.u8(..24) {
            0 | 1 => drop(steps.splice(10..10, long_steps(&mut rng))),
            2 => drop(steps.splice(index..index, sleep_through_trim(&mut rng, count))),
            3 => drop(steps.splice(index..index, sleep_through_loss(&mut rng, count))),
            _ => {}
        }
        Self { seed, servers, initial, has_ended, steps }
    }

    /// Returns the revocations that the log has when the run begins.
    pub(crate) fn initial_facts(&self) -> impl Iterator<Item = Fact> {
        let ended = ended().filter(|_| self.has_ended);
        ended.chain(
            (0..self.initial).map(|number| unrelated(UNRELATED * 1000 + number, BEGINNING + 7000)),
        )
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
        let Self { initial, has_ended, .. } = self;
        writeln!(
            formatter,
            "{initial} records at first, with ended ones before them: {has_ended}"
        )?;
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
