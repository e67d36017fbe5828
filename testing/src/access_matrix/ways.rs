//! The ways to satisfy a requirement.

use axum_protected::Requirement;

/// So many ways of one policy are tried.
const WAYS: usize = 16;

/// The demands that together satisfy a requirement, for each way to do so.
pub(super) fn ways(requirement: &Requirement) -> Vec<Vec<Requirement>> {
    match requirement {
        Requirement::All(members) => {
            let none = vec![Vec::new()];
            let ways = members.iter().map(ways);
            ways.fold(none, |ones, others| together(&ones, &others))
        }
        Requirement::Any(members) => members.iter().flat_map(ways).take(WAYS).collect(),
        Requirement::Named(_, operation) => ways(&operation.requirement),
        leaf => vec![vec![*leaf]],
    }
}

/// Each of the ones with each of the others, no demand twice.
fn together(ones: &[Vec<Requirement>], others: &[Vec<Requirement>]) -> Vec<Vec<Requirement>> {
    let with_each = |one: &Vec<Requirement>| {
        let with = |other: &Vec<Requirement>| {
            let more = other.iter().filter(|demand| !one.contains(demand));
            one.iter().chain(more).copied().collect()
        };
        others.iter().map(with).collect::<Vec<_>>()
    };
    ones.iter().flat_map(with_each).take(WAYS).collect()
}
