//! Simulates servers that share revocations through one log. The servers run through random
//! schedules with a simulated log, simulated clocks and paused time. All other code is the code that
//! runs in production.
//!
//! A seed determines a run. The environment variable `SIMULATION_SCHEDULES` sets the number of
//! schedules. If `SIMULATION_SEED` is set, the test runs only the schedule with this seed and prints
//! its steps and its events.

mod coverage;
mod fact;
mod history;
mod instance;
mod judge;
mod schedule;
mod token;
mod world;

use std::fmt::Write;
use std::str::FromStr;
use std::time::Duration;

use tokio::runtime::Builder;

use self::coverage::SITUATIONS;
use self::history::{Event, Moment};
use self::judge::{Judge, Violation};
use self::schedule::Schedule;
use self::world::World;

/// The number of schedules in a normal run of the tests.
const FEW: u64 = 300;
/// The number of schedules that cover all situations.
const ENOUGH: u64 = 10_000;

/// The events of a run, and the violation with which it ended.
struct Run {
    events: Vec<(Moment, Event)>,
    violation: Option<(usize, Violation)>,
}

fn run(schedule: &Schedule) -> Run {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let mut judge = Judge::new(schedule.servers.len());
        let mut run = Run { events: Vec::new(), violation: None };
        let mut world = World::begin(schedule).await;
        let count = schedule.steps.len();
        for number in 0..count + 2 {
            match schedule.steps.get(number) {
                Some(step) => world.perform(step).await,
                None if number == count => world.end_faults().await,
                None => world.end(quiet(schedule)).await,
            }
            let events = world.recorder.take();
            let judged = events.iter().try_for_each(|(now, event)| judge.apply(*now, event));
            run.events.extend(events);
            if let Err(violation) = judged {
                run.violation = Some((number, violation));
                break;
            }
        }
        run
    })
}

/// Returns the time without events at the end of a run. In a long run, records end in this time.
fn quiet(schedule: &Schedule) -> Duration {
    let is_long = schedule.steps.iter().any(|step| step.pause > Duration::from_secs(5 * 60));
    if is_long { Duration::from_secs(4 * 60) } else { Duration::ZERO }
}

fn report(schedule: &Schedule, run: &Run) -> String {
    let mut text = String::new();
    if let Some((step, violation)) = &run.violation {
        let _ = writeln!(text, "SIMULATION_SEED={}, step {step}: {violation}", schedule.seed);
    }
    let _ = writeln!(text, "{schedule}");
    let events = run.events.iter().filter(|(_, event)| !matches!(event, Event::Sampled { .. }));
    for (at, event) in events {
        let _ = writeln!(text, "{at:?} {event:?}");
    }
    text
}

fn from_environment<T: FromStr>(name: &str) -> Option<T> {
    let value = std::env::var(name).ok()?;
    let Ok(number) = value.parse() else { panic!("`{name}` is not a number") };
    Some(number)
}

#[test]
fn every_invariant_holds_in_every_schedule() {
    let (first, schedules) = match from_environment("SIMULATION_SEED") {
        Some(seed) => (seed, 1),
        None => (0, from_environment("SIMULATION_SCHEDULES").unwrap_or(FEW)),
    };
    let mut uncovered = SITUATIONS.to_vec();
    for seed in (first..).take(usize::try_from(schedules).unwrap()) {
        let schedule = Schedule::draw(seed);
        let run = run(&schedule);
        assert!(run.violation.is_none(), "{}", report(&schedule, &run));
        uncovered.retain(|(_, occurs)| !occurs(&run.events));
        if schedules == 1 {
            println!("{}", report(&schedule, &run));
        }
    }
    if schedules >= ENOUGH {
        let names: Vec<_> = uncovered.iter().map(|(name, _)| name).collect();
        assert!(names.is_empty(), "no schedule covers these situations: {names:?}");
    }
}

#[test]
fn a_seed_determines_the_run() {
    for seed in 0..20 {
        let schedule = Schedule::draw(seed);
        let (one, other) = (run(&schedule).events, run(&schedule).events);
        let difference = one.iter().zip(&other).find(|(one, other)| one != other);
        assert_eq!(difference, None, "{seed}");
        assert_eq!(one.len(), other.len(), "{seed}");
    }
}
