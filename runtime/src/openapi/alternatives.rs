//! Requirements as OpenAPI can say them: sets of scopes, any of which suffices.

use std::collections::BTreeSet;

use crate::policy::{Requirement, ScopeEntry};

/// Above so many alternatives a document would not be read any more.
const LIMIT: usize = 64;

/// Scopes that together suffice, as far as scopes go.
pub(super) type Scopes = BTreeSet<&'static str>;

/// Each smallest set of scopes with which a token satisfies the requirement, if it satisfies what
/// OpenAPI cannot say as well: roles, claims, checks. Nothing where there are too many to list.
pub(super) fn alternatives(requirement: &Requirement) -> Option<Vec<Scopes>> {
    match requirement {
        Requirement::All(members) => {
            let mut joined = vec![Scopes::new()];
            for member in *members {
                joined = each_with_each(&joined, &alternatives(member)?)?;
            }
            Some(joined)
        }
        Requirement::Any(members) => {
            let mut either = Vec::new();
            for member in *members {
                either.extend(alternatives(member)?);
            }
            smallest(either)
        }
        Requirement::Scope(name) => Some(vec![Scopes::from([*name])]),
        Requirement::Declared(ScopeEntry {
            name, implied_by, ..
        }) => {
            let names = std::iter::once(name).chain(*implied_by);
            smallest(names.map(|name| Scopes::from([*name])).collect())
        }
        Requirement::Named(_, operation) => alternatives(&operation.requirement),
        Requirement::Role(_)
        | Requirement::Claim(..)
        | Requirement::Client(_)
        | Requirement::Issuer(_)
        | Requirement::Acr(_)
        | Requirement::MaxAge(_)
        | Requirement::Check(..) => Some(vec![Scopes::new()]),
    }
}

fn each_with_each(left: &[Scopes], right: &[Scopes]) -> Option<Vec<Scopes>> {
    let with_each = |one: &Scopes| right.iter().map(|other| one | other).collect::<Vec<_>>();
    smallest(left.iter().flat_map(with_each).collect())
}

/// Without those that another one is a part of; in the order in which they were found.
fn smallest(all: Vec<Scopes>) -> Option<Vec<Scopes>> {
    let mut kept: Vec<Scopes> = Vec::new();
    for one in all {
        if kept.iter().any(|other| other.is_subset(&one)) {
            continue;
        }
        kept.retain(|other| !one.is_subset(other));
        kept.push(one);
    }
    (kept.len() <= LIMIT).then_some(kept)
}
