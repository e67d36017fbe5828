//! Comparison of the access of a route before and now, by the callers that each access allows.

use std::collections::BTreeSet;

use super::access_entry::Entry;
use super::change::ChangeKind;
use super::demand::Demand;
use crate::policy::description::max_age;
use crate::policy::details_text::DetailsLine;

/// The largest number of different demands in two requirements that `kind` compares. If two
/// requirements together have more demands, `kind` returns [`ChangeKind::Weaker`].
const COMPARABLE: usize = 16;

/// Returns true if the access `now` allows a caller whom the access `before` refuses.
pub(super) fn is_weaker(before: &Entry, now: &Entry) -> bool {
    before != now && kind(before, now) == ChangeKind::Weaker
}

/// Returns the kind of change between two different entries. A route that becomes a page is weaker:
/// its callers now also act through links on other sites.
pub(super) fn kind(before: &Entry, now: &Entry) -> ChangeKind {
    use Entry::{Protected, ProtectedPage, Public, PublicPage, Unknown};
    let kind = match (before, now) {
        (Protected(one) | ProtectedPage(one), Protected(other) | ProtectedPage(other))
        | (Unknown { guard: Some(one), .. }, Unknown { guard: Some(other), .. }) => {
            kind_of_demands(one, other)
        }
        (Public(_) | PublicPage(_), Public(_) | PublicPage(_)) => ChangeKind::Reworded,
        // A route for everybody admitted all requests before, those of other sites too.
        (Public(_) | PublicPage(_), Protected(_) | ProtectedPage(_))
        | (Unknown { guard: None, .. }, Unknown { .. }) => return ChangeKind::Stronger,
        // Unknown routes may allow every caller, or may have refused every caller.
        (Protected(_) | ProtectedPage(_), Public(_) | PublicPage(_))
        | (Unknown { .. }, _)
        | (_, Unknown { .. }) => ChangeKind::Weaker,
    };
    match (before.is_page(), now.is_page(), kind) {
        (false, true, _) => ChangeKind::Weaker,
        (true, false, ChangeKind::Reworded) => ChangeKind::Stronger,
        (_, _, kind) => kind,
    }
}

fn kind_of_demands(before: &Demand, now: &Demand) -> ChangeKind {
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
/// Returns false if `holds` is true for a demand and false for another demand that it implies: a
/// larger maximum age of the authentication, or fewer authorization details.
fn is_possible(leaves: &[&str], holds: &impl Fn(&str) -> bool) -> bool {
    has_possible_age(leaves, holds) && has_possible_details(leaves, holds)
}

fn has_possible_details(leaves: &[&str], holds: &impl Fn(&str) -> bool) -> bool {
    let details = || leaves.iter().filter_map(|leaf| Some((DetailsLine::read(leaf)?, *leaf)));
    details()
        .filter(|(_, leaf)| holds(leaf))
        .all(|(held, _)| details().all(|(other, leaf)| !held.implies(&other) || holds(leaf)))
}

fn has_possible_age(leaves: &[&str], holds: &impl Fn(&str) -> bool) -> bool {
    let ages = || leaves.iter().filter_map(|leaf| Some((max_age(leaf)?, *leaf)));
    let shortest = ages().filter(|(_, leaf)| holds(leaf)).min();
    ages().all(|(age, leaf)| shortest.is_none_or(|(shortest, _)| age <= shortest || holds(leaf)))
}
