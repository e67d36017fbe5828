//! The failure of a schedule, and its report with the shortest schedule that fails in the same way.

use std::fmt::{Display, Write};

use super::invariants::Violation;

/// The failure of a schedule: the step at which the schedule failed, and the violated invariant.
pub(super) struct Failure {
    pub(super) step: usize,
    pub(super) violation: Violation,
}

/// A schedule of a simulation, which a seed determines.
pub(super) trait Scheduled: Clone + Display {
    type Step;
    type Histories;

    fn seed(&self) -> u64;

    fn steps(&mut self) -> &mut Vec<Self::Step>;

    /// Runs the schedule and returns the histories of its issuers.
    fn check(&self) -> Result<Self::Histories, Failure>;
}

/// Returns the failed schedule without the steps that are not needed to violate the same invariant.
fn shortest<S: Scheduled>(mut schedule: S, failure: Failure) -> (S, Failure) {
    let mut shortest = failure;
    schedule.steps().truncate(shortest.step + 1);
    for index in (0..schedule.steps().len()).rev() {
        let mut simpler = schedule.clone();
        simpler.steps().remove(index);
        if let Err(failure) = simpler.check()
            && failure.violation.0 == shortest.violation.0
        {
            (schedule, shortest) = (simpler, failure);
        }
    }
    (schedule, shortest)
}

pub(super) fn report(schedule: impl Scheduled, failure: Failure) -> String {
    let (seed, step) = (schedule.seed(), failure.step);
    let mut text = format!("SIMULATION_SEED={seed}, step {step}: {}", failure.violation);
    let (schedule, failure) = shortest(schedule, failure);
    let _ = write!(text, "\nshortest schedule with the same failure:\n{schedule}");
    let _ = write!(text, "step {}: {}", failure.step, failure.violation);
    text
}
