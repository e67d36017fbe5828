//! Finds the ways to satisfy a requirement.

use axum_protected::policy::{Demand, Requirement};

/// The largest number of ways that the access matrix tries for one policy.
const WAYS: usize = 16;

/// Returns the demands of each way to satisfy a requirement.
pub(super) fn ways(requirement: &Requirement) -> Vec<Vec<Demand>> {
    match requirement {
        Requirement::All(members) => {
            let none = vec![Vec::new()];
            let ways = members.iter().map(ways);
            ways.fold(none, |ones, others| combine(&ones, &others))
        }
        Requirement::Any(members) => members.iter().flat_map(ways).take(WAYS).collect(),
        Requirement::One(Demand::Policy(policy)) => ways(&policy.operation.requirement),
        Requirement::One(demand) => vec![vec![*demand]],
        // The ways to satisfy a variant of a later version are unknown.
        _ => Vec::new(),
    }
}

/// Combines each way of one list with each way of the other, without duplicate demands.
fn combine(ones: &[Vec<Demand>], others: &[Vec<Demand>]) -> Vec<Vec<Demand>> {
    ones.iter()
        .flat_map(|one| {
            others
                .iter()
                .map(|other| {
                    let more = other.iter().filter(|demand| !one.contains(demand));
                    one.iter().chain(more).copied().collect()
                })
                .collect::<Vec<_>>()
        })
        .take(WAYS)
        .collect()
}
