//! What happens, drawn from a seed before anything does.

use std::fmt;
use std::time::Duration;

use fastrand::Rng;

use super::signing::{ISSUERS, KEYS};

const STEPS: usize = 48;

/// A seed, written out. Of two schedules with the same seed one is like the other.
#[derive(Clone)]
pub(super) struct Schedule {
    pub(super) seed: u64,
    pub(super) issuers: usize,
    pub(super) steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// What passes before it; nothing where it happens at the same time as the last.
    pub(super) pause: Duration,
    pub(super) issuer: usize,
    pub(super) act: Act,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Act {
    /// So many requests by one of the keys that are published.
    Valid(usize, u8),
    /// By this key, published or not.
    AnyKey(u8),
    Forged(u8),
    Strays(usize),
    Publish(u8),
    Withdraw(u8),
    /// From now on this key and no other.
    Replace(u8),
    Weather(Weather),
    /// What answers say of it, in seconds.
    Lifetime(Option<u64>),
    /// How wrong the wall clock is, in seconds.
    WallClock(i64),
    /// The request that has waited longest goes.
    Leave,
    Nothing,
}

/// How an issuer answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weather {
    Fair,
    Slow(Duration),
    /// Takes the question and says nothing.
    Hangs,
    Down,
    /// Answers with one of the things that are no set.
    Babbles(u8),
    /// With what it published this long ago.
    Lags(Duration),
    /// Confirms what it said last, whatever is true.
    Lies,
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
/// Right, off by what tokens bear, and by what they do not.
const WALL_CLOCKS: [i64; 7] = [0, 0, HOUR / 2, -HOUR / 2, 2 * HOUR, -2 * HOUR, -87_600 * HOUR];

impl Schedule {
    /// Each schedule has a pace and favourites of its own: what happens rarely in most of them
    /// happens all the time in some.
    pub(super) fn draw(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let issuers = rng.usize(1..=ISSUERS);
        // Up to 4 s, a minute, a quarter of an hour; or 9 hours, which cost some fetches.
        let pace = [12, 16, 16, 20, 20, 20, 20, 25][rng.usize(..8)];
        let weights = std::array::from_fn(|_| [0, 1, 1, 2, 3, 6][rng.usize(..6)]);
        let step = |_| Step {
            pause: pause(&mut rng, pace),
            issuer: rng.usize(..issuers),
            act: act(&mut rng, &weights),
        };
        let steps = (0..STEPS).map(step).collect();
        Self { seed, issuers, steps }
    }
}

impl Schedule {
    /// The same with nothing happening to the other issuers.
    pub(super) fn alone(&self, issuer: usize) -> Self {
        let mut alone = self.clone();
        let others = alone.steps.iter_mut().filter(|step| step.issuer != issuer);
        for step in others.filter(|step| !matches!(step.act, Act::WallClock(_))) {
            step.act = Act::Nothing;
        }
        alone
    }
}

fn pause(rng: &mut Rng, pace: u32) -> Duration {
    match rng.u8(..4) {
        0 | 1 => Duration::ZERO,
        // About as long as what requests and fetches wait for.
        2 => Duration::from_millis(rng.u64(1..=12_000)),
        _ => {
            let longest = 1 << rng.u32(1..=pace);
            Duration::from_millis(rng.u64(1..=longest))
        }
    }
}

fn act(rng: &mut Rng, weights: &[usize; 6]) -> Act {
    let key = rng.u8(..KEYS);
    // What would show that something went wrong always has its share.
    let [flood, forged, keys, weather, lifetime, rare] = *weights;
    let kinds = [3, 2, flood, forged, keys, weather, lifetime, rare];
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
        Some(2) => Act::Strays([1, 1, 4, 30][rng.usize(..4)]),
        Some(3) => Act::Forged(key),
        Some(4) => match rng.u8(..4) {
            0 => Act::Withdraw(key),
            1 => Act::Publish(key),
            _ => Act::Replace(key),
        },
        Some(5) => Act::Weather(weather_of(rng)),
        Some(6) => Act::Lifetime(LIFETIMES[rng.usize(..LIFETIMES.len())]),
        _ if rng.bool() => Act::Leave,
        _ => Act::WallClock(WALL_CLOCKS[rng.usize(..WALL_CLOCKS.len())]),
    }
}

fn weather_of(rng: &mut Rng) -> Weather {
    match rng.u8(..12) {
        0 | 1 => Weather::Down,
        2 => Weather::Hangs,
        // A fetch is up to four exchanges of 5 s each.
        3 => Weather::Slow(Duration::from_millis(rng.u64(1..=20_000))),
        // To the millisecond where patience ends.
        4 => Weather::Slow(Duration::from_millis(rng.u64(4999..=5001))),
        5 => Weather::Babbles(rng.u8(..)),
        6 => Weather::Lags(Duration::from_secs(rng.u64(1..=120))),
        7 => Weather::Lies,
        _ => Weather::Fair,
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
