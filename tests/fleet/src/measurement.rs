//! The measurement of one row.

use std::time::Duration;

use crate::faults::Under;
use crate::fleet::INSTANCES;
use crate::load::Seen;
use crate::tally::Tally;

/// The numbers of one row of the table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Measurement {
    /// The revocations that an instance made.
    pub(crate) revocations: usize,
    /// Those of which the instance said that only it knows them so far.
    pub(crate) local_only: usize,
    /// Those that no instance made, because it refused all tokens.
    pub(crate) unmade: u64,
    pub(crate) under: Group,
    pub(crate) elsewhere: Group,
    /// Tokens that were accepted where they were revoked, after the answer to the revocation.
    pub(crate) accepted_at_their_place: usize,
    /// Tokens that no instance accepted before their revocation.
    pub(crate) never_valid: usize,
    /// The time from the end of the fault until all agreed, or the obstacle.
    pub(crate) converged: Option<Result<Duration, String>>,
    /// Revocations that an instance did not know after a restart.
    pub(crate) lost: Vec<String>,
}

/// The numbers of the instances that the fault concerns, or of the others.
#[derive(Debug, Clone, Default)]
pub(crate) struct Group {
    /// False if there are no such instances.
    pub(crate) exists: bool,
    /// The latest acceptance after the acknowledgement, as the time from the acknowledgement.
    pub(crate) acknowledged: Duration,
    /// The latest acceptance after the operator's request, as the time from the request.
    pub(crate) requested: Duration,
    /// The answers to valid tokens.
    pub(crate) valid: Tally,
}

impl Measurement {
    pub(crate) fn of(seen: &Seen, under: Under) -> Self {
        let victims = &seen.victims;
        let count = |has: &dyn Fn(&crate::victim::Victim) -> bool| {
            victims.iter().filter(|victim| has(victim)).count()
        };
        Self {
            revocations: victims.len(),
            local_only: count(&|victim| victim.revoked().is_some_and(|revoked| !revoked.is_shared)),
            unmade: seen.unmade.requests,
            under: Group::of(seen, |instance| under.contains(instance)),
            elsewhere: Group::of(seen, |instance| !under.contains(instance)),
            accepted_at_their_place: count(&|victim| victim.is_accepted_at_its_place()),
            never_valid: count(&|victim| !victim.was_valid()),
            converged: None,
            lost: Vec::new(),
        }
    }
}

impl Group {
    fn of(seen: &Seen, contains: impl Fn(usize) -> bool) -> Self {
        let mut group = Self::default();
        for instance in (0..INSTANCES).filter(|&instance| contains(instance)) {
            group.exists = true;
            group.valid.add(&seen.valid[instance]);
            for victim in &seen.victims {
                let acknowledged = victim.after_acknowledgement(instance).unwrap_or_default();
                group.acknowledged = group.acknowledged.max(acknowledged);
                let requested = victim.after_request(instance).unwrap_or_default();
                group.requested = group.requested.max(requested);
            }
        }
        group
    }
}
