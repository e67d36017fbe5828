//! The keys' life under fire: a server with a simulated network, a simulated clock and simulated
//! callers, through thousands of random schedules. All else is what runs in production.
//!
//! A run is all that its seed says and nothing else. `SIMULATION_SCHEDULES` in the environment asks
//! for more or fewer of them, `SIMULATION_SEED` for exactly one, step by step.
//!
//! What is broken on purpose is found within the ten thousand: a lock across a fetch, no cool-down, a
//! set that is kept for ever, a `kid` remembered as unknown, a flood that uses up the fetches of a
//! rotation, a remembered token that outlives its key.

mod bounds;
mod callers;
mod clock;
mod coverage;
mod invariants;
mod issuer;
mod key;
mod log;
mod rate;
mod schedule;
mod signing;
mod world;

use std::fmt::Write;
use std::str::FromStr;

use tokio::runtime::Builder;

use self::coverage::SIGHTS;
use self::invariants::{Invariant, Violation};
use self::issuer::History;
use self::schedule::Schedule;
use self::world::World;

const SCHEDULES: u64 = 10_000;

/// At which step a schedule failed, and by which rule.
struct Failure {
    step: usize,
    violation: Violation,
}

fn run(schedule: &Schedule) -> Result<Vec<History>, Failure> {
    let mut runtime = Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let mut world = World::new(schedule);
        for (step, what) in schedule.steps.iter().enumerate() {
            let taken = world.take(what).await;
            taken.map_err(|violation| Failure { step, violation })?;
        }
        let step = schedule.steps.len();
        let end = world.end().await;
        end.map_err(|violation| Failure { step, violation })
    })
}

/// Runs it; and some once more, with nothing happening to the others: for the one that is left it
/// must be the same.
fn check(schedule: &Schedule) -> Result<Vec<History>, Failure> {
    let histories = run(schedule)?;
    if schedule.issuers > 1 && schedule.seed.is_multiple_of(4) {
        let undisturbed = run(&schedule.alone(0))?;
        if histories[0] != undisturbed[0] {
            let what = format!("{:?}\nalone: {:?}", histories[0], undisturbed[0]);
            let step = schedule.steps.len();
            let violation = Violation(Invariant::TroubleStaysWithItsIssuer, what);
            return Err(Failure { step, violation });
        }
    }
    Ok(histories)
}

/// The same failure with less happening before it.
fn simplest(mut schedule: Schedule, failure: Failure) -> (Schedule, Failure) {
    let mut simplest = failure;
    schedule.steps.truncate(simplest.step + 1);
    for index in (0..schedule.steps.len()).rev() {
        let mut simpler = schedule.clone();
        simpler.steps.remove(index);
        if let Err(failure) = check(&simpler)
            && failure.violation.0 == simplest.violation.0
        {
            (schedule, simplest) = (simpler, failure);
        }
    }
    (schedule, simplest)
}

fn report(schedule: Schedule, failure: Failure) -> String {
    let (seed, step) = (schedule.seed, failure.step);
    let mut text = format!("SIMULATION_SEED={seed}, step {step}: {}", failure.violation);
    let (schedule, failure) = simplest(schedule, failure);
    let _ = write!(text, "\nin short:\n{schedule}");
    let _ = write!(text, "step {}: {}", failure.step, failure.violation);
    text
}

fn asked_for<T: FromStr>(name: &str) -> Option<T> {
    let value = std::env::var(name).ok()?;
    let Ok(value) = value.parse() else { panic!("{name} is a number") };
    Some(value)
}

#[test]
fn every_invariant_holds_in_ten_thousand_schedules() {
    let (first, schedules) = match asked_for("SIMULATION_SEED") {
        Some(seed) => (seed, 1),
        None => (0, asked_for("SIMULATION_SCHEDULES").unwrap_or(SCHEDULES)),
    };
    let mut unseen = SIGHTS.to_vec();
    for seed in (first..).take(usize::try_from(schedules).unwrap()) {
        let schedule = Schedule::draw(seed);
        if schedules == 1 {
            println!("{schedule}");
        }
        match check(&schedule) {
            Ok(histories) => unseen.retain(|(_, seen)| !histories.iter().any(seen)),
            Err(failure) => panic!("{}", report(schedule, failure)),
        }
    }
    if schedules >= SCHEDULES {
        let unseen: Vec<_> = unseen.iter().map(|(what, _)| what).collect();
        assert!(unseen.is_empty(), "never seen: {unseen:?}");
    }
}

#[test]
fn a_seed_is_a_run() {
    for seed in 0..50 {
        let history = || run(&Schedule::draw(seed)).ok();
        let once = history();
        assert!(once.is_some(), "{seed}");
        assert_eq!(once, history(), "{seed}");
    }
}
