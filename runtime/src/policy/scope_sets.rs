//! The sets of scopes that a client may request to satisfy a requirement.

use super::requirement::{Fold, Requirement};

/// The largest number of sets for one requirement.
const LIMIT: usize = 64;

impl Requirement {
    /// Returns the scopes of each way to satisfy the requirement, in the order of the declaration. A
    /// way without scopes is an empty set.
    pub(crate) fn scope_sets(&self) -> Vec<Vec<&'static str>> {
        self.fold(&Fold {
            one: &|leaf| {
                vec![leaf.demand.parts().scope.map(|entry| entry.name).into_iter().collect()]
            },
            all: &|members: Vec<Vec<_>>| {
                members.iter().fold(vec![Vec::new()], |sets, others| products(&sets, others))
            },
            any: &|cases| cases.into_iter().flatten().take(LIMIT).collect(),
        })
    }
}

/// Returns the union of each set with each of the others.
fn products(sets: &[Vec<&'static str>], others: &[Vec<&'static str>]) -> Vec<Vec<&'static str>> {
    sets.iter()
        .flat_map(|set| others.iter().map(move |other| union(set, other)))
        .take(LIMIT)
        .collect()
}

fn union(set: &[&'static str], other: &[&'static str]) -> Vec<&'static str> {
    let mut union = set.to_vec();
    union.extend(other.iter().filter(|scope| !set.contains(scope)));
    union
}
