//! Simulates tokens about which the server asks their issuer. One issuer is asked about opaque tokens,
//! one about its JWTs too, and one is not asked. The endpoints of the issuers hang, fail and answer
//! garbage; the issuers withdraw tokens; callers repeat tokens in parallel and invent new ones. All
//! code but the HTTP client and the clock is the code that runs in production.
//!
//! A seed determines a run completely. `SIMULATION_SCHEDULES` and `SIMULATION_SEED` work as for the
//! simulation of keys. `FLOODS` has the seeds of schedules with floods of random tokens.
//!
//! The schedules detect each of these faults in the code: an answer that is used for longer than its
//! period or beyond its `exp`; a question about a token whose answer is known, or that runs already; a
//! flood that is not bounded; a flood that takes the questions or the endpoint from tokens that were
//! active; a failure that makes a token unknown; a request that waits for an endpoint without need.

mod bounds;
mod call;
mod coverage;
mod endpoint;
mod history;
mod invariants;
mod log;
mod question_check;
mod schedule;
mod token;
mod world;

use tokio::runtime::Builder;

use self::coverage::{SITUATIONS, has_disturbing_flood};
use self::history::History;
use self::schedule::{Schedule, Step};
use self::token::OPAQUE;
use self::world::World;
use super::failure::{Failure, Scheduled, report};
use super::from_environment;
use super::invariants::{Invariant, Violation};

const SCHEDULES: u64 = 300;

/// Seeds with more random tokens than the server asks about, while it asks again about tokens that
/// were active.
const FLOODS: [u64; 3] = [63, 94, 186];

fn run(schedule: &Schedule) -> Result<[History; 3], Failure> {
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
    type Histories = [History; 3];

    fn seed(&self) -> u64 {
        self.seed
    }

    fn steps(&mut self) -> &mut Vec<Step> {
        &mut self.steps
    }

    /// Runs a schedule and returns the histories of its issuers. Some schedules run a second time
    /// with only the events of the issuer of opaque tokens, whose history must be the same in both
    /// runs.
    fn check(&self) -> Result<[History; 3], Failure> {
        let histories = run(self)?;
        if self.seed.is_multiple_of(4) {
            let undisturbed = run(&self.with_only_issuer(OPAQUE))?;
            if histories[OPAQUE].without_numbers() != undisturbed[OPAQUE].without_numbers() {
                let message = "the other issuer changed the history".to_owned();
                let violation = Violation(Invariant::IssuersAreIndependent, message);
                return Err(Failure { step: self.steps.len(), violation });
            }
        }
        Ok(histories)
    }
}

#[test]
fn every_invariant_of_introspection_holds_in_the_schedules() {
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
fn a_flood_of_random_tokens_disturbs_no_caller_with_a_known_token() {
    for seed in FLOODS {
        let schedule = Schedule::draw(seed);
        match schedule.check() {
            Ok(histories) => assert!(has_disturbing_flood(&histories[OPAQUE]), "{seed}"),
            Err(failure) => panic!("{}", report(schedule, failure)),
        }
    }
}

#[test]
fn a_seed_determines_the_run_of_introspection() {
    for seed in 0..20 {
        let history = || run(&Schedule::draw(seed)).ok();
        let once = history();
        assert!(once.is_some(), "{seed}");
        assert_eq!(once, history(), "{seed}");
    }
}
