//! The sets of scopes that a client may ask for to satisfy a requirement.

use super::requirement::{Fold, Requirement};

/// The most sets of one requirement that are looked at.
const LIMIT: usize = 64;

impl Requirement {
    /// The scopes of each way to satisfy it, in the order in which they were written; empty for a
    /// way without scopes.
    pub(crate) fn scope_sets(&self) -> Vec<Vec<&'static str>> {
        self.fold(&Fold {
            one: &|leaf| {
                let scope = leaf.demand.parts().scope;
                vec![scope.map(|entry| entry.name).into_iter().collect()]
            },
            all: &|members: Vec<Vec<_>>| {
                members.iter().fold(vec![Vec::new()], |sets, others| products(&sets, others))
            },
            any: &|cases| cases.into_iter().flatten().take(LIMIT).collect(),
        })
    }
}

/// Each set joined with each of the others.
fn products(sets: &[Vec<&'static str>], others: &[Vec<&'static str>]) -> Vec<Vec<&'static str>> {
    let pairs = sets.iter().flat_map(|set| others.iter().map(move |other| (set, other)));
    pairs.take(LIMIT).map(|(set, other)| union(set, other)).collect()
}

fn union(set: &[&'static str], other: &[&'static str]) -> Vec<&'static str> {
    let mut union = set.to_vec();
    union.extend(other.iter().filter(|scope| !set.contains(scope)));
    union
}
