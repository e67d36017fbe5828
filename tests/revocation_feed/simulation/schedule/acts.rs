//! Random acts, and the revocations in them.

use std::time::Duration;

use fastrand::Rng;

use super::super::fact::{BEGINNING, Fact, Kind, Target};
use super::super::token::{EARLY, LATE};
use super::{Act, UNRELATED};
use crate::log::{Fault, LostAnswers, Removal};

const UNREADABLE: [&str; 4] =
    ["", "[1]", r#"{"v":2,"token":"t1"}"#, r#"{"v":1,"issuer":"https://issuer-0.example.com"}"#];

const CLOCKS: [i64; 9] = [0, 200, -200, 1500, -1500, 6000, -6000, 240_000, -240_000];

pub(super) fn unrelated(number: u32, until: u64) -> Fact {
    let kind = [Kind::Token, Kind::Session, Kind::Subject][number as usize % 3];
    Fact::new(Target { issuer: 0, kind, name: UNRELATED + number }, until, LATE)
}

/// Returns revocations that ended so long ago that servers remove them from the log.
pub(crate) fn ended() -> impl Iterator<Item = Fact> {
    let first = UNRELATED * 3000;
    (first..first + 130).map(|number| unrelated(number, BEGINNING - 2000))
}

pub(super) fn fact(rng: &mut Rng) -> Fact {
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

pub(super) fn act(rng: &mut Rng, weights: &[usize; 5]) -> Act {
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
    match rng.u8(..8) {
        0 => Act::RestartEmpty { is_silent: rng.bool() },
        1 | 2 => {
            let lag = [0, 50, 3000, 600_000][rng.usize(..4)];
            Act::FailOver { lost, lag, is_silent: rng.bool() }
        }
        3 => Act::Split { mask: rng.u8(..16), lost },
        4 => Act::Delete { lag: [0, 3_600_000][rng.usize(..2)] },
        _ => Act::Heal,
    }
}

fn hostile_act(rng: &mut Rng) -> Act {
    match rng.u8(..10) {
        0..4 => Act::TrimForeign { kept: [0, 0, 1, 2, 5][rng.usize(..5)] },
        4 => Act::RemoveSingle { index: rng.usize(..20) },
        5 => Act::RemoveLast,
        6 => Act::Unreadable(UNREADABLE[rng.usize(..UNREADABLE.len())]),
        7 => Act::AppendUnread {
            fact: fact(rng),
            removal: [Removal::Single, Removal::Foreign][rng.usize(..2)],
        },
        _ => Act::Nothing,
    }
}
