//! Conversion of a requirement to the alternatives of OpenAPI's `security`. Each alternative is a
//! set of scopes and an optional issuer.

use std::collections::BTreeSet;

use super::DEFAULT_SCHEME;
use crate::policy::{Demand, Fold, Parts, Requirement, ScopeEntry};

/// The largest number of alternatives for one operation. The limit keeps documents readable.
const LIMIT: usize = 64;

/// A set of scopes and an optional issuer. A token satisfies the alternative if it has all these
/// scopes and comes from this issuer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Alternative {
    pub(super) scopes: BTreeSet<&'static str>,
    pub(super) issuer: Option<&'static str>,
    /// True if this alternative allows requests without a token.
    pub(super) is_anonymous: bool,
}

impl Alternative {
    pub(super) fn anonymous() -> Self {
        Self { is_anonymous: true, ..Self::default() }
    }

    /// Returns the security schemes with their scopes for a Security Requirement Object. Returns an
    /// empty list if the alternative needs no token.
    pub(super) fn schemes(&self) -> Vec<(String, Vec<String>)> {
        if self.is_anonymous {
            return Vec::new();
        }
        vec![(self.scheme(), self.scopes.iter().map(|scope| (*scope).to_owned()).collect())]
    }

    fn scope(name: &'static str) -> Self {
        Self { scopes: BTreeSet::from([name]), ..Self::default() }
    }

    /// Returns a placeholder for the name of the security scheme.
    /// [`OpenApiSecurity`](super::OpenApiSecurity) later replaces the placeholder.
    fn scheme(&self) -> String {
        match self.issuer {
            None => DEFAULT_SCHEME.to_owned(),
            Some(issuer) => format!("{DEFAULT_SCHEME}@{issuer}"),
        }
    }

    fn and(&self, other: &Self) -> Self {
        Self {
            scopes: &self.scopes | &other.scopes,
            issuer: self.issuer.or(other.issuer),
            is_anonymous: false,
        }
    }

    /// Returns true if every token that satisfies the alternative `other` also satisfies this
    /// alternative.
    fn is_part_of(&self, other: &Self) -> bool {
        let same_issuer = self.issuer.is_none() || self.issuer == other.issuer;
        same_issuer && self.scopes.is_subset(&other.scopes)
    }
}

/// Returns the smallest alternatives that satisfy the requirement. Demands that OpenAPI cannot
/// express (roles, claims, checks) count as satisfied. If the requirement has more than [`LIMIT`]
/// alternatives, returns a single alternative with the scopes that all alternatives have in common.
pub(super) fn alternatives(requirement: &Requirement) -> Vec<Alternative> {
    // An empty `security` would mean that the operation needs no token.
    enumerate(requirement).filter(|alternatives| !alternatives.is_empty()).unwrap_or_else(|| {
        vec![Alternative { scopes: common(requirement), ..Alternative::default() }]
    })
}

/// Returns all smallest alternatives. Returns `None` if there are more than [`LIMIT`].
fn enumerate(requirement: &Requirement) -> Option<Vec<Alternative>> {
    requirement.fold(&Fold {
        one: &|leaf| of_demand(&leaf.demand),
        all: &|members| {
            let mut joined = vec![Alternative::default()];
            for member in members {
                joined = product(&joined, &member?)?;
            }
            Some(joined)
        },
        any: &|members| smallest(members.into_iter().collect::<Option<Vec<_>>>()?.concat()),
    })
}

fn of_demand(demand: &Demand) -> Option<Vec<Alternative>> {
    let Parts { scope, issuer, .. } = demand.parts();
    match scope {
        Some(entry) => smallest(names(&entry).map(Alternative::scope).collect()),
        None => Some(vec![Alternative { issuer, ..Alternative::default() }]),
    }
}

fn names(entry: &ScopeEntry) -> impl Iterator<Item = &'static str> {
    std::iter::once(entry.name).chain(entry.implied_by.iter().copied())
}

fn product(left: &[Alternative], right: &[Alternative]) -> Option<Vec<Alternative>> {
    smallest(left.iter().flat_map(|one| right.iter().map(|other| one.and(other))).collect())
}

/// Removes each alternative that demands at least everything that another alternative demands.
/// Keeps the order of the remaining alternatives. Returns `None` if more than [`LIMIT`]
/// alternatives remain.
fn smallest(all: Vec<Alternative>) -> Option<Vec<Alternative>> {
    let mut kept: Vec<Alternative> = Vec::new();
    for one in all {
        if kept.iter().any(|other| other.is_part_of(&one)) {
            continue;
        }
        kept.retain(|other| !one.is_part_of(other));
        kept.push(one);
    }
    (kept.len() <= LIMIT).then_some(kept)
}

/// Returns the scopes that every token must have to satisfy the requirement.
fn common(requirement: &Requirement) -> BTreeSet<&'static str> {
    requirement.fold(&Fold {
        one: &|leaf| {
            leaf.demand
                .parts()
                .scope
                .into_iter()
                .filter(|entry| entry.implied_by.is_empty())
                .map(|entry| entry.name)
                .collect()
        },
        all: &|members| members.into_iter().flatten().collect(),
        any: &|members| {
            members.into_iter().reduce(|these, those| &these & &those).unwrap_or_default()
        },
    })
}
