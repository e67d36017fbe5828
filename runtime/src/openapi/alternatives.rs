//! Requirements as OpenAPI can say them: sets of scopes of an issuer, any of which suffices.

use std::collections::BTreeSet;

use super::DEFAULT_SCHEME;
use crate::policy::{Requirement, ScopeEntry};

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
    pub(super) fn nobody_in_particular() -> Self {
        Self {
            is_anonymous: true,
            ..Self::default()
        }
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
        Self {
            scopes: BTreeSet::from([name]),
            ..Self::default()
        }
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
        vec![Alternative {
            scopes: common(requirement),
            ..Alternative::default()
        }]
    })
}

fn listed(requirement: &Requirement) -> Option<Vec<Alternative>> {
    match requirement {
        Requirement::All(members) => {
            let mut joined = vec![Alternative::default()];
            for member in *members {
                joined = each_with_each(&joined, &listed(member)?)?;
            }
            Some(joined)
        }
        Requirement::Any(members) => {
            let mut either = Vec::new();
            for member in *members {
                either.extend(listed(member)?);
            }
            smallest(either)
        }
        Requirement::Scope(name) => Some(vec![Alternative::scope(name)]),
        Requirement::Declared(entry) => smallest(names(entry).map(Alternative::scope).collect()),
        Requirement::Named(_, operation) => listed(&operation.requirement),
        Requirement::Issuer(issuer) => Some(vec![Alternative {
            issuer: Some(issuer),
            ..Alternative::default()
        }]),
        Requirement::Role(_)
        | Requirement::Claim(..)
        | Requirement::Client(_)
        | Requirement::Acr(_)
        | Requirement::MaxAge(_)
        | Requirement::Check(..) => Some(vec![Alternative::default()]),
    }
}

fn names(entry: &ScopeEntry) -> impl Iterator<Item = &'static str> {
    std::iter::once(entry.name).chain(entry.implied_by.iter().copied())
}

fn each_with_each(left: &[Alternative], right: &[Alternative]) -> Option<Vec<Alternative>> {
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
    match requirement {
        Requirement::All(members) => members.iter().flat_map(common).collect(),
        Requirement::Any(members) => {
            let each = members.iter().map(common);
            each.reduce(|these, those| &these & &those)
                .unwrap_or_default()
        }
        Requirement::Scope(name) => BTreeSet::from([*name]),
        Requirement::Declared(entry) if entry.implied_by.is_empty() => BTreeSet::from([entry.name]),
        Requirement::Named(_, operation) => common(&operation.requirement),
        _ => BTreeSet::new(),
    }
}
