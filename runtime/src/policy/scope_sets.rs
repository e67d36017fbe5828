//! The sets of scopes that a client may ask for to satisfy a requirement.

use super::requirement::Requirement;
use super::vocabulary::ScopeEntry;

/// The most sets of one requirement that are looked at.
const LIMIT: usize = 64;

impl Requirement {
    /// The scopes of each way to satisfy it, in the order in which they were written; empty for a
    /// way without scopes.
    pub(crate) fn scope_sets(&self) -> Vec<Vec<&'static str>> {
        match self {
            Self::All(members) => members
                .iter()
                .map(Self::scope_sets)
                .fold(vec![Vec::new()], |sets, others| products(&sets, &others)),
            Self::Any(cases) => cases
                .iter()
                .flat_map(Self::scope_sets)
                .take(LIMIT)
                .collect(),
            Self::Named(_, operation) => operation.requirement.scope_sets(),
            Self::Scope(name) | Self::Declared(ScopeEntry { name, .. }) => vec![vec![*name]],
            _ => vec![Vec::new()],
        }
    }
}

/// Each set joined with each of the others.
fn products(sets: &[Vec<&'static str>], others: &[Vec<&'static str>]) -> Vec<Vec<&'static str>> {
    let pairs = sets
        .iter()
        .flat_map(|set| others.iter().map(move |other| (set, other)));
    pairs
        .take(LIMIT)
        .map(|(set, other)| union(set, other))
        .collect()
}

fn union(set: &[&'static str], other: &[&'static str]) -> Vec<&'static str> {
    let mut union = set.to_vec();
    union.extend(other.iter().filter(|scope| !set.contains(scope)));
    union
}
