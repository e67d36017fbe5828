//! Requirements as OpenAPI can say them: sets of scopes of an issuer, any of which suffices.

use std::collections::BTreeSet;

use super::DEFAULT_SCHEME;
use crate::policy::{Demand, Fold, Parts, Requirement, ScopeEntry};

/// Above so many alternatives a document would not be read any more.
const LIMIT: usize = 64;

/// What together suffices, as far as scopes and issuers go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Alternative {
    pub(super) scopes: BTreeSet<&'static str>,
    pub(super) issuer: Option<&'static str>,
    /// No token at all.
    pub(super) is_anonymous: bool,
}

impl Alternative {
    pub(super) fn anonymous() -> Self {
        Self { is_anonymous: true, ..Self::default() }
    }

    /// The schemes of its object with their scopes; none where no token is needed.
    pub(super) fn schemes(&self) -> Vec<(String, Vec<String>)> {
        if self.is_anonymous {
            return Vec::new();
        }
        let scopes = self.scopes.iter().map(|scope| (*scope).to_owned());
        vec![(self.scheme(), scopes.collect())]
    }

    fn scope(name: &'static str) -> Self {
        Self { scopes: BTreeSet::from([name]), ..Self::default() }
    }

    /// The name of its scheme, until the document's schemes are known.
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

    /// Whether whoever satisfies the other satisfies this as well.
    fn is_part_of(&self, other: &Self) -> bool {
        let same_issuer = self.issuer.is_none() || self.issuer == other.issuer;
        same_issuer && self.scopes.is_subset(&other.scopes)
    }
}

/// Each smallest alternative with which a token satisfies the requirement, if it satisfies what
/// OpenAPI cannot say as well: roles, claims, checks. Where there are too many to list, the one of
/// what all have in common.
pub(super) fn alternatives(requirement: &Requirement) -> Vec<Alternative> {
    let listed = listed(requirement).filter(|listed| !listed.is_empty());
    // No alternative at all would mean that nothing is needed.
    listed.unwrap_or_else(|| {
        vec![Alternative { scopes: common(requirement), ..Alternative::default() }]
    })
}

fn listed(requirement: &Requirement) -> Option<Vec<Alternative>> {
    requirement.fold(&Fold {
        one: &|leaf| of_demand(&leaf.demand),
        all: &|members| {
            let mut joined = vec![Alternative::default()];
            for member in members {
                joined = product(&joined, &member?)?;
            }
            Some(joined)
        },
        any: &|members| {
            let either: Option<Vec<_>> = members.into_iter().collect();
            smallest(either?.concat())
        },
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
    let with_each = |one: &Alternative| {
        let joined = right.iter().map(|other| one.and(other));
        joined.collect::<Vec<_>>()
    };
    smallest(left.iter().flat_map(with_each).collect())
}

/// Without those that another one is a part of; in the order in which they were found.
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

/// The scopes that no token can do without.
fn common(requirement: &Requirement) -> BTreeSet<&'static str> {
    requirement.fold(&Fold {
        one: &|leaf| {
            let scope = leaf.demand.parts().scope.into_iter();
            let alone = scope.filter(|entry| entry.implied_by.is_empty());
            alone.map(|entry| entry.name).collect()
        },
        all: &|members| members.into_iter().flatten().collect(),
        any: &|members| {
            let common = members.into_iter().reduce(|these, those| &these & &those);
            common.unwrap_or_default()
        },
    })
}
