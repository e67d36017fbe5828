//! Random schedules of callers, of issuers that withdraw tokens, and of endpoints that fail.

use std::fmt;
use std::time::Duration;

use fastrand::Rng;

use super::super::log::Moment;
use super::token::{ALWAYS, OPAQUE, TOKENS};

const STEPS: usize = 40;

/// The steps of a run, and the facts that do not change in a run. The seed determines all of them.
#[derive(Debug, Clone)]
pub(super) struct Schedule {
    pub(super) seed: u64,
    pub(super) opaque: Terms,
    pub(super) always: Terms,
    pub(super) steps: Vec<Step>,
}

/// The facts about an issuer that is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    /// The time for which an answer is used.
    pub(super) period: Duration,
    /// The ends of the tokens, as answers state them.
    pub(super) ends: [Option<Moment>; TOKENS as usize],
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// The time between the last step and this one, or zero if both happen at the same moment.
    pub(super) pause: Duration,
    /// The issuer of this step, one of those that are asked.
    pub(super) issuer: usize,
    pub(super) act: Act,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Act {
    /// Makes this number of requests with a token that the issuer has given to a client.
    Genuine(usize, u8),
    /// Makes this number of requests with a JWT of the issuer that is not asked.
    Unasked(usize, u8),
    /// Makes this number of requests, each with another token that nobody has given to anybody.
    Flood(usize),
    /// Makes the request again that the last flood ended with.
    LastOfFlood,
    Withdraw(u8),
    Restore(u8),
    Behaviour(Behaviour),
    /// Drops the request that has waited longest.
    Cancel,
    Nothing,
}

/// The behaviour of an endpoint when it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behaviour {
    Normal,
    Slow(Duration),
    /// Accepts the connection and never sends a response.
    Hangs,
    /// Accepts no connection.
    Down,
    Status(u16),
    /// Responds with a document that is not an answer.
    Garbage(u8),
    /// Responds that the token is for another API.
    OtherAudience,
}

impl Schedule {
    /// Draws a schedule. Each schedule has its own pace and its own weights of events.
    pub(super) fn draw(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let (opaque, always) = (Terms::draw(&mut rng), Terms::draw(&mut rng));
        // The binary logarithm of the longest pause in ms: 1 s, 4 s, 1 min or 4 min.
        let pace = [10, 12, 16, 18][rng.usize(..4)];
        let weights = std::array::from_fn(|_| [0, 1, 1, 2, 4][rng.usize(..5)]);
        let steps = std::iter::repeat_with(|| Step {
            pause: pause(&mut rng, pace),
            issuer: if rng.u8(..3) > 0 { OPAQUE } else { ALWAYS },
            act: act(&mut rng, &weights),
        });
        Self { seed, opaque, always, steps: steps.take(STEPS).collect() }
    }

    pub(super) fn terms(&self, issuer: usize) -> &Terms {
        if issuer == OPAQUE { &self.opaque } else { &self.always }
    }

    /// Returns a copy of the schedule that keeps only the events of this issuer.
    pub(super) fn with_only_issuer(&self, issuer: usize) -> Self {
        let mut schedule = self.clone();
        for step in &mut schedule.steps {
            if step.issuer != issuer {
                step.act = Act::Nothing;
            }
        }
        schedule
    }
}

impl Terms {
    fn draw(rng: &mut Rng) -> Self {
        let period = [0, 1, 5, 60, 60, 3600][rng.usize(..6)];
        let ends = [None, None, Some(3), Some(45), Some(400)];
        Self {
            period: Duration::from_secs(period),
            ends: std::array::from_fn(|_| ends[rng.usize(..5)].map(Duration::from_secs)),
        }
    }
}

fn pause(rng: &mut Rng, pace: u32) -> Duration {
    match rng.u8(..4) {
        0 | 1 => Duration::ZERO,
        2 => Duration::from_millis(rng.u64(1..=6000)),
        _ => {
            let longest = 1 << rng.u32(1..=pace);
            Duration::from_millis(rng.u64(1..=longest))
        }
    }
}

fn act(rng: &mut Rng, weights: &[usize; 5]) -> Act {
    let token = rng.u8(..TOKENS);
    let [flood, withdrawal, behaviour, unasked, cancel] = *weights;
    // Requests with genuine tokens, which reveal faults, have a fixed weight.
    let kinds = [4, flood, withdrawal, behaviour, unasked, cancel];
    let mut ticket = rng.usize(..kinds.iter().sum::<usize>());
    let kind = kinds.iter().position(|weight| {
        let drawn = ticket < *weight;
        ticket = ticket.saturating_sub(*weight);
        drawn
    });
    match kind {
        Some(0) => Act::Genuine([1, 1, 2, 20][rng.usize(..4)], token),
        Some(1) if rng.u8(..4) == 0 => Act::LastOfFlood,
        Some(1) => Act::Flood([1, 4, 40, 300, 600][rng.usize(..5)]),
        Some(2) if rng.bool() => Act::Restore(token),
        Some(2) => Act::Withdraw(token),
        Some(3) => Act::Behaviour(draw_behaviour(rng)),
        Some(4) => Act::Unasked([1, 20][rng.usize(..2)], token),
        _ => Act::Cancel,
    }
}

fn draw_behaviour(rng: &mut Rng) -> Behaviour {
    match rng.u8(..13) {
        0 | 1 => Behaviour::Hangs,
        2 => Behaviour::Down,
        3 => Behaviour::Slow(Duration::from_millis(rng.u64(1..=9000))),
        // These delays differ by at most a millisecond from the time limit of a request.
        4 => Behaviour::Slow(Duration::from_millis(rng.u64(4999..=5001))),
        5 => Behaviour::Status([401, 429, 500, 302][rng.usize(..4)]),
        6 | 7 => Behaviour::Garbage(rng.u8(..)),
        8 => Behaviour::OtherAudience,
        _ => Behaviour::Normal,
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "issuer 1: {:?}\nissuer 2: {:?}", self.opaque, self.always)?;
        for (number, Step { pause, issuer, act }) in self.steps.iter().enumerate() {
            writeln!(formatter, "{number:3} after {pause:?}, issuer {issuer}: {act:?}")?;
        }
        Ok(())
    }
}
