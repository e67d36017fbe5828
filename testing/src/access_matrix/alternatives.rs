//! Finds the combinations of demands that satisfy a requirement.

use axum_protected::policy::{Demand, Requirement};

/// The largest number of combinations of demands that the access matrix tries for one policy.
const WAYS: usize = 16;

/// Returns combinations of demands. Each combination alone satisfies the requirement.
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
        // A later version of `axum-protected` may add a variant of `Requirement`, which this
        // function does not know.
        _ => Vec::new(),
    }
}

/// Joins each combination of one list with each combination of the other list, without duplicate
/// demands.
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
