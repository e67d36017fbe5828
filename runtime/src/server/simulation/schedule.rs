//! Random schedules. A schedule contains all events of a run and is drawn from a seed before the
//! run starts.

use std::fmt;
use std::time::Duration;

use fastrand::Rng;

use super::signing::{ISSUERS, KEYS};

const STEPS: usize = 48;

/// The steps of a run. The seed determines the steps completely.
#[derive(Clone)]
pub(super) struct Schedule {
    pub(super) seed: u64,
    pub(super) issuers: usize,
    pub(super) steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// The time between the last step and this one, or zero if both happen at the same moment.
    pub(super) pause: Duration,
    pub(super) issuer: usize,
    pub(super) act: Act,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Act {
    /// Makes this number of requests with the given key or, if that key is not published, with the
    /// next published key.
    Valid(usize, u8),
    /// Makes a request with this key, even if the key is not published.
    AnyKey(u8),
    /// Makes a request with a forged token that names this key.
    Forged(u8),
    /// Makes this number of requests with keys that are never published.
    UnknownKeys(usize),
    Publish(u8),
    Withdraw(u8),
    /// Publishes this key and withdraws all other keys.
    Replace(u8),
    /// Moves the key set to another location. The old location serves the keys of this moment, or is
    /// gone.
    Move {
        is_gone: bool,
    },
    Behaviour(Behaviour),
    /// Sets the lifetime in seconds that the issuer's responses state.
    Lifetime(Option<u64>),
    /// Sets the error of the wall clock, in seconds.
    WallClock(i64),
    /// Drops the request that has waited longest.
    Cancel,
    Nothing,
}

/// The behaviour of an issuer when the server fetches its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behaviour {
    Normal,
    Slow(Duration),
    /// Accepts the connection and never sends a response.
    Hangs,
    Down,
    /// Serves its key set and no metadata.
    WithoutMetadata,
    /// Responds with a document that is not a key set.
    Malformed(u8),
    /// Responds with the old keys that the issuer published this duration ago.
    Stale(Duration),
    /// Responds that the keys have not changed, even if they have.
    ConfirmsWrongly,
}

const LIFETIMES: [Option<u64>; 8] = [
    None,
    Some(0),
    Some(300),
    Some(1000),
    Some(7200),
    Some(86_400),
    Some(1_000_000_000_000),
    Some(u64::MAX),
];
const HOUR: i64 = 3600;
/// The errors of the wall clock in seconds: zero, errors that are too small to invalidate tokens,
/// and errors that invalidate all tokens.
const WALL_CLOCKS: [i64; 7] = [0, 0, HOUR / 2, -HOUR / 2, 2 * HOUR, -2 * HOUR, -87_600 * HOUR];

impl Schedule {
    /// Draws a schedule. Each schedule has its own pace and its own weights of events, so that
    /// events that are rare in most schedules are frequent in some.
    pub(super) fn draw(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let issuers = rng.usize(1..=ISSUERS);
        // The binary logarithm of the longest pause in ms: 4 s, 1 min, 17 min or 9 h. The value for
        // 9 h is rare, because long pauses cause many fetches.
        let pace = [12, 16, 16, 20, 20, 20, 20, 25][rng.usize(..8)];
        let weights = std::array::from_fn(|_| [0, 1, 1, 2, 3, 6][rng.usize(..6)]);
        let steps = (0..STEPS)
            .map(|_| Step {
                pause: pause(&mut rng, pace),
                issuer: rng.usize(..issuers),
                act: act(&mut rng, &weights),
            })
            .collect();
        Self { seed, issuers, steps }
    }
}

impl Schedule {
    /// Returns a copy of the schedule that keeps only the events of `issuer` and the changes of the
    /// wall clock.
    pub(super) fn with_only_issuer(&self, issuer: usize) -> Self {
        let mut schedule = self.clone();
        for step in &mut schedule.steps {
            if step.issuer != issuer && !matches!(step.act, Act::WallClock(_)) {
                step.act = Act::Nothing;
            }
        }
        schedule
    }
}

fn pause(rng: &mut Rng, pace: u32) -> Duration {
    match rng.u8(..4) {
        0 | 1 => Duration::ZERO,
        // Pauses of this length are in the range of the time limits of requests and fetches.
        2 => Duration::from_millis(rng.u64(1..=12_000)),
        _ => {
            let longest = 1 << rng.u32(1..=pace);
            Duration::from_millis(rng.u64(1..=longest))
        }
    }
}

fn act(rng: &mut Rng, weights: &[usize; 6]) -> Act {
    let key = rng.u8(..KEYS);
    // `Valid` and `AnyKey`, the requests that reveal faults, have the fixed weights 3 and 2.
    let [flood, forged, keys, behaviour, lifetime, rare] = *weights;
    let kinds = [3, 2, flood, forged, keys, behaviour, lifetime, rare];
    let all: usize = kinds.iter().sum();
    let mut ticket = rng.usize(..all);
    let kind = kinds.iter().position(|weight| {
        let drawn = ticket < *weight;
        ticket = ticket.saturating_sub(*weight);
        drawn
    });
    match kind {
        Some(0) => Act::Valid([1, 1, 2, 20][rng.usize(..4)], key),
        Some(1) => Act::AnyKey(key),
        Some(2) => Act::UnknownKeys([1, 1, 4, 30][rng.usize(..4)]),
        Some(3) => Act::Forged(key),
        Some(4) => match rng.u8(..6) {
            0 => Act::Withdraw(key),
            1 => Act::Publish(key),
            2 => Act::Move { is_gone: rng.bool() },
            _ => Act::Replace(key),
        },
        Some(5) => Act::Behaviour(draw_behaviour(rng)),
        Some(6) => Act::Lifetime(LIFETIMES[rng.usize(..LIFETIMES.len())]),
        _ if rng.bool() => Act::Cancel,
        _ => Act::WallClock(WALL_CLOCKS[rng.usize(..WALL_CLOCKS.len())]),
    }
}

fn draw_behaviour(rng: &mut Rng) -> Behaviour {
    match rng.u8(..14) {
        0 | 1 => Behaviour::Down,
        2 => Behaviour::Hangs,
        // A fetch consists of up to three exchanges. The key set takes at most 5 s, and a round of
        // discovery at most 9 s.
        3 => Behaviour::Slow(Duration::from_millis(rng.u64(1..=9000))),
        // These delays differ by at most a millisecond from the time limit of a request.
        4 => Behaviour::Slow(Duration::from_millis(rng.u64(4999..=5001))),
        5 => Behaviour::Malformed(rng.u8(..)),
        6 => Behaviour::Stale(Duration::from_secs(rng.u64(1..=120))),
        7 => Behaviour::ConfirmsWrongly,
        8 | 9 => Behaviour::WithoutMetadata,
        _ => Behaviour::Normal,
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, Step { pause, issuer, act }) in self.steps.iter().enumerate() {
            writeln!(formatter, "{number:3} after {pause:?}, issuer {issuer}: {act:?}")?;
        }
        Ok(())
    }
}
