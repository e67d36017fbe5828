//! Simulates key fetching and key rotation. A server with a simulated network, a simulated clock
//! and simulated callers runs through thousands of random schedules. All other code is the code
//! that runs in production.
//!
//! A seed determines a run completely. The environment variable `SIMULATION_SCHEDULES` sets the
//! number of schedules. If `SIMULATION_SEED` is set, the test runs only the schedule with this seed
//! and prints its steps.
//!
//! Ten thousand schedules are enough to detect each of these faults in the code: a lock held across
//! a fetch, a larger budget of fetches for requests, a key set that is used forever, a `kid` cached
//! as unknown, a flood that uses up the fetches needed for a rotation, a cached token that outlives
//! its key, a bad signature that causes no fetch or waits for one, a refresh or an unknown key that
//! does not ask for the metadata, a moved key set that is not followed, metadata that fails and
//! extends the use of the keys of the old location.

mod bounds;
mod budget;
mod callers;
mod clock;
mod coverage;
mod failure;
mod introspection;
mod invariants;
mod issuer;
mod key;
mod log;
mod network;
mod rate_check;
mod schedule;
mod signing;
mod world;

use std::str::FromStr;

use tokio::runtime::Builder;

use self::coverage::SITUATIONS;
use self::failure::{Failure, Scheduled, report};
use self::invariants::{Invariant, Violation};
use self::issuer::History;
use self::schedule::{Schedule, Step};
use self::world::World;

const SCHEDULES: u64 = 10_000;

fn run(schedule: &Schedule) -> Result<Vec<History>, Failure> {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let mut world = World::new(schedule);
        for (number, step) in schedule.steps.iter().enumerate() {
            world.perform(step).await.map_err(|violation| Failure { step: number, violation })?;
        }
        let step = schedule.steps.len();
        world.end().await.map_err(|violation| Failure { step, violation })
    })
}

impl Scheduled for Schedule {
    type Step = Step;
    type Histories = Vec<History>;

    fn seed(&self) -> u64 {
        self.seed
    }

    fn steps(&mut self) -> &mut Vec<Step> {
        &mut self.steps
    }

    /// Runs a schedule and returns the histories of its issuers. Some schedules run a second time
    /// with only the events of the first issuer, whose history must be the same in both runs.
    fn check(&self) -> Result<Vec<History>, Failure> {
        let histories = run(self)?;
        if self.issuers > 1 && self.seed.is_multiple_of(4) {
            let undisturbed = run(&self.with_only_issuer(0))?;
            if histories[0] != undisturbed[0] {
                let message =
                    format!("{:?}\nwithout the others: {:?}", histories[0], undisturbed[0]);
                let step = self.steps.len();
                let violation = Violation(Invariant::IssuersAreIndependent, message);
                return Err(Failure { step, violation });
            }
        }
        Ok(histories)
    }
}

fn from_environment<T: FromStr>(name: &str) -> Option<T> {
    let value = std::env::var(name).ok()?;
    let Ok(number) = value.parse() else { panic!("`{name}` is not a number") };
    Some(number)
}

#[test]
fn every_invariant_holds_in_ten_thousand_schedules() {
    let (first, schedules) = match from_environment("SIMULATION_SEED") {
        Some(seed) => (seed, 1),
        None => (0, from_environment("SIMULATION_SCHEDULES").unwrap_or(SCHEDULES)),
    };
    let mut uncovered = SITUATIONS.to_vec();
    for seed in (first..).take(usize::try_from(schedules).unwrap()) {
        let schedule = Schedule::draw(seed);
        if schedules == 1 {
            println!("{schedule}");
        }
        match schedule.check() {
            Ok(histories) => uncovered.retain(|(_, occurs)| !histories.iter().any(occurs)),
            Err(failure) => panic!("{}", report(schedule, failure)),
        }
    }
    if schedules >= SCHEDULES {
        let names: Vec<_> = uncovered.iter().map(|(name, _)| name).collect();
        assert!(names.is_empty(), "no schedule covers these situations: {names:?}");
    }
}

#[test]
fn a_seed_determines_the_run() {
    for seed in 0..50 {
        let history = || run(&Schedule::draw(seed)).ok();
        let once = history();
        assert!(once.is_some(), "{seed}");
        assert_eq!(once, history(), "{seed}");
    }
}
