//! The expectations of one row.

use std::time::Duration;

use crate::faults::{Fault, Knowledge};
use crate::measurement::{Group, Measurement};

/// The behaviour of the instances that may lack revocations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outage {
    GoOn,
    Refuse,
}

/// The time after which no instance accepts a revoked token, plus the time for the answers of a busy
/// machine: an acceptance counts until its answer has arrived.
pub(crate) const BOUND: Duration = Duration::from_millis(1000 + 250);

/// The time after the end of a fault until all instances agree. After a loss of records the instances
/// leave each other 3 s to append what they know.
const CONVERGENCE: Duration = Duration::from_secs(8);

impl Outage {
    /// Returns the value of the member `outage` in the configuration.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::GoOn => "go_on",
            Self::Refuse => "refuse",
        }
    }
}

/// Returns the expectations that the measurement of a fault does not meet.
pub(crate) fn failures(fault: &Fault, outage: Outage, seen: &Measurement) -> Vec<String> {
    let mut failures = Failures::default();
    let refuses = outage == Outage::Refuse;
    let under = Limits {
        is_bounded: refuses || fault.with_go_on == Knowledge::Bounded,
        may_be_unavailable: refuses && fault.may_be_unavailable,
    };
    failures.of_group("under the fault", &seen.under, under);
    let elsewhere = Limits { is_bounded: true, may_be_unavailable: false };
    failures.of_group("elsewhere", &seen.elsewhere, elsewhere);
    if refuses || fault.with_go_on != Knowledge::Forgotten {
        failures.if_any(seen.accepted_at_their_place, "accepted where they were revoked");
    }
    if outage == Outage::GoOn {
        failures.if_any(seen.never_valid, "never accepted before their revocation");
        failures.if_any(seen.unmade, "revocations that were not made");
    }
    if seen.revocations == 0 {
        failures.add("no revocation was made".to_owned());
    }
    match &seen.converged {
        Some(Ok(time)) if *time <= CONVERGENCE => {}
        Some(Ok(time)) => failures.add(format!("converged after {time:?}")),
        Some(Err(obstacle)) => failures.add(format!("does not converge: {obstacle}")),
        None => failures.add("the convergence was not tried".to_owned()),
    }
    for lost in &seen.lost {
        failures.add(format!("lost by a restart: {lost}"));
    }
    failures.0
}

/// The limits of one group of instances.
#[derive(Clone, Copy)]
struct Limits {
    is_bounded: bool,
    may_be_unavailable: bool,
}

#[derive(Default)]
struct Failures(Vec<String>);

impl Failures {
    fn of_group(&mut self, place: &str, group: &Group, limits: Limits) {
        if limits.is_bounded && group.acknowledged > BOUND {
            self.add(format!(
                "{place}: accepted {:?} after the acknowledgement",
                group.acknowledged
            ));
        }
        if group.exists && group.valid.requests == 0 {
            self.add(format!("{place}: no valid request"));
        }
        let unavailable = if limits.may_be_unavailable { 0 } else { group.valid.unavailable };
        let wrong = group.valid.refused + unavailable + group.valid.failed;
        if wrong > 0 {
            let examples = group.valid.examples();
            self.add(format!("{place}: {wrong} valid requests were not accepted:\n{examples}"));
        }
    }

    fn if_any(&mut self, count: impl TryInto<u64>, text: &str) {
        let count = count.try_into().unwrap_or(u64::MAX);
        if count > 0 {
            self.add(format!("{count} {text}"));
        }
    }

    fn add(&mut self, failure: String) {
        self.0.push(failure);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Outcome;
    use crate::faults::{Cause, FAULTS};
    use crate::tally::Tally;

    fn fault(cause: Cause) -> &'static Fault {
        FAULTS.iter().find(|fault| fault.cause == cause).unwrap()
    }

    fn good() -> Measurement {
        let mut seen = Measurement { revocations: 3, ..Measurement::default() };
        for group in [&mut seen.under, &mut seen.elsewhere] {
            group.exists = true;
            group.valid.count(&Outcome::Accepted);
        }
        seen.converged = Some(Ok(Duration::from_secs(1)));
        seen
    }

    fn count(cause: Cause, outage: Outage, change: impl FnOnce(&mut Measurement)) -> usize {
        let mut seen = good();
        change(&mut seen);
        failures(fault(cause), outage, &seen).len()
    }

    const BOTH: [Outage; 2] = [Outage::GoOn, Outage::Refuse];
    const LATE: Duration = Duration::from_secs(2);

    #[test]
    fn a_late_acceptance_fails_where_the_bound_holds() {
        let late = |seen: &mut Measurement| seen.under.acknowledged = LATE;
        assert_eq!(count(Cause::Silence, Outage::GoOn, late), 0);
        assert_eq!(count(Cause::Silence, Outage::Refuse, late), 1);
        assert_eq!(count(Cause::Deleted, Outage::GoOn, late), 1);
        for outage in BOTH {
            assert_eq!(count(Cause::Silence, outage, |_| ()), 0);
            assert_eq!(count(Cause::Silence, outage, |seen| seen.elsewhere.acknowledged = LATE), 1);
        }
    }

    #[test]
    fn a_valid_request_that_is_not_accepted_fails() {
        let unavailable = Outcome::Unavailable(String::new());
        let under = |seen: &mut Measurement| seen.under.valid.count(&unavailable);
        assert_eq!(count(Cause::Silence, Outage::GoOn, under), 1);
        assert_eq!(count(Cause::Silence, Outage::Refuse, under), 0);
        assert_eq!(count(Cause::Together, Outage::Refuse, under), 1);
        for outage in BOTH {
            let elsewhere = |seen: &mut Measurement| seen.elsewhere.valid.count(&unavailable);
            assert_eq!(count(Cause::Silence, outage, elsewhere), 1);
            for outcome in [Outcome::Refused(String::new()), Outcome::Failed(String::new())] {
                let under = |seen: &mut Measurement| seen.under.valid.count(&outcome);
                assert_eq!(count(Cause::Silence, outage, under), 1, "{outcome:?}");
            }
        }
    }

    #[test]
    fn each_other_number_can_fail() {
        let changes: [fn(&mut Measurement); 6] = [
            |seen| seen.accepted_at_their_place = 1,
            |seen| seen.revocations = 0,
            |seen| seen.converged = None,
            |seen| seen.converged = Some(Ok(Duration::from_secs(9))),
            |seen| seen.converged = Some(Err("a".to_owned())),
            |seen| seen.lost.push("a token".to_owned()),
        ];
        for (index, change) in changes.into_iter().enumerate() {
            for outage in BOTH {
                assert_eq!(count(Cause::Silence, outage, change), 1, "{index}");
            }
        }
        let forget = |seen: &mut Measurement| seen.accepted_at_their_place = 1;
        assert_eq!(count(Cause::RestartedCutOff, Outage::GoOn, forget), 0);
        assert_eq!(count(Cause::RestartedCutOff, Outage::Refuse, forget), 1);
        let changes: [fn(&mut Measurement); 2] =
            [|seen| seen.never_valid = 1, |seen| seen.unmade = 1];
        for change in changes {
            assert_eq!(count(Cause::Silence, Outage::GoOn, change), 1);
            assert_eq!(count(Cause::Silence, Outage::Refuse, change), 0);
        }
    }

    #[test]
    fn an_instance_without_valid_requests_fails() {
        let silent = |seen: &mut Measurement| seen.under.valid = Tally::default();
        assert_eq!(count(Cause::Silence, Outage::GoOn, silent), 1);
    }
}
