//! Steps that belong together, for situations that random steps seldom produce.

use std::time::Duration;

use fastrand::Rng;

use super::super::fact::BEGINNING;
use super::acts::{fact, unrelated};
use super::{Act, Step, UNRELATED};

/// Returns steps with revocations that end, and the time after which they are removed.
pub(super) fn long_steps(rng: &mut Rng) -> Vec<Step> {
    let first = UNRELATED * 2000;
    let facts = |from: u32, until| (from..from + 100).map(move |n| unrelated(n, until)).collect();
    let many = |from, until| Act::RevokeMany { facts: facts(from, BEGINNING + until) };
    let acts = [many(first, 100), many(first + 100, 120), Act::Nothing];
    let pauses = [1, 2, rng.u64(780..=960)];
    let steps = acts.into_iter().zip(pauses);
    steps.map(|(act, s)| step(s * 1000, 0, act)).collect()
}

/// Returns steps in which a process is stopped while others remove ended records from the log, and
/// continues after it.
pub(super) fn sleep_through_trim(rng: &mut Rng, count: usize) -> Vec<Step> {
    let server = rng.usize(..count);
    vec![
        step(0, server, Act::AppendEnded),
        step(0, server, Act::Start),
        step(0, server, Act::Repair),
        step(300, server, Act::Revoke { fact: fact(rng), is_awaited: true }),
        step(rng.u64(0..=400), server, Act::Pause(true)),
        step(rng.u64(0..=400), server, Act::Foreign(fact(rng))),
        step(rng.u64(76_000..=130_000), server, Act::Pause(false)),
    ]
}

/// Returns steps in which the only server that knows a revocation is stopped while the log loses its
/// record, and continues after others have removed ended records.
pub(super) fn sleep_through_loss(rng: &mut Rng, count: usize) -> Vec<Step> {
    let server = rng.usize(..count);
    let others: Vec<_> = (0..count).filter(|other| *other != server).collect();
    let all = |act: Act| others.iter().map(move |other| step(0, *other, act.clone()));
    let mut steps = vec![step(0, server, Act::Start), step(0, server, Act::Repair)];
    steps.extend(all(Act::Pause(true)));
    steps.extend([
        step(9000, server, Act::Revoke { fact: fact(rng), is_awaited: true }),
        step(400, server, Act::Pause(true)),
        step(0, server, Act::TrimForeign { kept: 0 }),
        step(0, server, Act::AppendEnded),
        step(0, server, Act::Foreign(fact(rng))),
    ]);
    steps.extend(all(Act::Pause(false)));
    steps.extend(all(Act::Repair));
    steps.push(step(rng.u64(76_000..=150_000), server, Act::Pause(false)));
    steps
}

fn step(milliseconds: u64, server: usize, act: Act) -> Step {
    Step { pause: Duration::from_millis(milliseconds), server, act }
}
