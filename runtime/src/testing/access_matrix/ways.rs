//! The ways to satisfy a requirement.

use crate::policy::{Demand, Fold, Requirement};

/// So many ways of one policy are tried.
const WAYS: usize = 16;

/// The demands that together satisfy a requirement, for each way to do so.
pub(super) fn ways(requirement: &Requirement) -> Vec<Vec<Demand>> {
    requirement.fold(&Fold {
        one: &|leaf| vec![vec![leaf.demand]],
        all: &|members| {
            let none = vec![Vec::new()];
            members
                .iter()
                .fold(none, |ones, others| together(&ones, others))
        },
        any: &|members| members.into_iter().flatten().take(WAYS).collect(),
    })
}

/// Each of the ones with each of the others, no demand twice.
fn together(ones: &[Vec<Demand>], others: &[Vec<Demand>]) -> Vec<Vec<Demand>> {
    let with_each = |one: &Vec<Demand>| {
        let with = |other: &Vec<Demand>| {
            let more = other.iter().filter(|demand| !one.contains(demand));
            one.iter().chain(more).copied().collect()
        };
        others.iter().map(with).collect::<Vec<_>>()
    };
    ones.iter().flat_map(with_each).take(WAYS).collect()
}
