//! Steps that belong together, for situations that random steps seldom produce.

use std::time::Duration;

use fastrand::Rng;

use super::super::fact::BEGINNING;
use super::acts::unrelated;
use super::{Act, Step, UNRELATED};

/// Returns steps with revocations that end, and the time after which they are removed.
pub(super) fn long_steps(rng: &mut Rng) -> Vec<Step> {
    let first = UNRELATED * 2000;
    let facts = |from: u32, until| (from..from + 100).map(move |n| unrelated(n, until)).collect();
    let many = |from, until| Act::RevokeMany { facts: facts(from, BEGINNING + until) };
    let acts = [many(first, 100), many(first + 100, 120), Act::Nothing];
    let pauses = [1, 2, rng.u64(780..=960)];
    let steps = acts.into_iter().zip(pauses);
    steps.map(|(act, s)| Step { pause: Duration::from_secs(s), server: 0, act }).collect()
}
