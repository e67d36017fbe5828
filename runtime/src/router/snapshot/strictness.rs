//! Comparison of the access of a route before and now, by the callers that each access allows.

use std::collections::BTreeSet;

use super::access_entry::Entry;
use super::change::ChangeKind;
use super::demand::Demand;
use crate::policy::description::max_age;

/// The largest number of different demands in two requirements that `kind` compares. If two
/// requirements together have more demands, `kind` returns [`ChangeKind::Weaker`].
const COMPARABLE: usize = 16;

/// Returns true if the access `now` allows a caller whom the access `before` refuses.
pub(super) fn is_weaker(before: &Entry, now: &Entry) -> bool {
    before != now && kind(before, now) == ChangeKind::Weaker
}

/// Returns the kind of change between two different entries.
pub(super) fn kind(before: &Entry, now: &Entry) -> ChangeKind {
    let (before, now) = match (before, now) {
        (Entry::Protected(before), Entry::Protected(now))
        | (Entry::Unknown { guard: Some(before) }, Entry::Unknown { guard: Some(now) }) => {
            (before, now)
        }
        (Entry::Public(_), Entry::Public(_)) => return ChangeKind::Reworded,
        (Entry::Public(_), Entry::Protected(_))
        | (Entry::Unknown { guard: None }, Entry::Unknown { .. }) => return ChangeKind::Stronger,
        // Unknown routes may allow every caller, or may have refused every caller.
        (Entry::Protected(_), Entry::Public(_))
        | (Entry::Unknown { .. }, _)
        | (_, Entry::Unknown { .. }) => return ChangeKind::Weaker,
    };
    let mut leaves = BTreeSet::new();
    before.collect(&mut leaves);
    now.collect(&mut leaves);
    if leaves.len() > COMPARABLE {
        return ChangeKind::Weaker;
    }
    compare(before, now, &leaves.into_iter().collect::<Vec<_>>())
}

fn compare(before: &Demand, now: &Demand, leaves: &[&str]) -> ChangeKind {
    // `worlds` contains the results of both requirements for every possible combination of
    // satisfied and unsatisfied demands.
    let worlds = (0..1_u32 << leaves.len()).filter_map(|world| {
        let holds = |leaf: &str| {
            let index = leaves.iter().position(|known| *known == leaf);
            index.is_some_and(|index| world >> index & 1 == 1)
        };
        is_possible(leaves, &holds).then(|| (before.holds(&holds), now.holds(&holds)))
    });
    let (mut weaker, mut stronger) = (false, false);
    for (before, now) in worlds {
        weaker |= now && !before;
        stronger |= before && !now;
    }
    match (weaker, stronger) {
        (true, _) => ChangeKind::Weaker,
        (false, true) => ChangeKind::Stronger,
        (false, false) => ChangeKind::Reworded,
    }
}

/// Returns true if a request can satisfy exactly the demands for which `holds` returns true.
/// Returns false if `holds` is true for a maximum age of the authentication and false for a larger
/// maximum age.
fn is_possible(leaves: &[&str], holds: &impl Fn(&str) -> bool) -> bool {
    let ages = || leaves.iter().filter_map(|leaf| Some((max_age(leaf)?, *leaf)));
    let shortest = ages().filter(|(_, leaf)| holds(leaf)).min();
    ages().all(|(age, leaf)| shortest.is_none_or(|(shortest, _)| age <= shortest || holds(leaf)))
}
