//! The ways to satisfy a requirement.

use axum_protected::policy::{Demand, Requirement};

/// So many ways of one policy are tried.
const WAYS: usize = 16;

/// The demands that together satisfy a requirement, for each way to do so.
pub(super) fn ways(requirement: &Requirement) -> Vec<Vec<Demand>> {
    match requirement {
        Requirement::All(members) => {
            let none = vec![Vec::new()];
            let ways = members.iter().map(ways);
            ways.fold(none, |ones, others| together(&ones, &others))
        }
        Requirement::Any(members) => members.iter().flat_map(ways).take(WAYS).collect(),
        Requirement::One(Demand::Policy(policy)) => ways(&policy.operation.requirement),
        Requirement::One(demand) => vec![vec![*demand]],
        // A tree of a later version: no way is known, and the verdict judges what is tried.
        _ => Vec::new(),
    }
}

/// Each of the ones with each of the others, no demand twice.
fn together(ones: &[Vec<Demand>], others: &[Vec<Demand>]) -> Vec<Vec<Demand>> {
    ones.iter()
        .flat_map(|one: &Vec<Demand>| {
            others
                .iter()
                .map(|other: &Vec<Demand>| {
                    let more = other.iter().filter(|demand| !one.contains(demand));
                    one.iter().chain(more).copied().collect()
                })
                .collect::<Vec<_>>()
        })
        .take(WAYS)
        .collect()
}
