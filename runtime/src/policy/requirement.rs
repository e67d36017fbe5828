//! The tree of demands.

use std::fmt;

use super::demand::Demand;
use super::display::{Phrase, join};
use super::operation::Operation;
use super::scopes::ScopeEntry;
use super::user_code::{CheckDemand, PolicyDemand};

/// A tree of demands on a token that is already known to be valid.
///
/// ```
/// use axum_protected::policy::Demand::Scope;
/// use axum_protected::policy::Requirement::{self, All, Any, One};
///
/// const BOTH: Requirement = All(&[One(Scope("a")), One(Scope("b"))]);
/// let requirement = Any(&[One(Scope("items:admin")), BOTH]);
/// assert_eq!(requirement.scopes(), ["items:admin"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Requirement {
    /// Every one of these; none at all demands only that the token is valid.
    All(&'static [Self]),
    /// At least one of these; none at all can never be satisfied.
    Any(&'static [Self]),
    /// This demand.
    One(Demand),
}

/// A demand in a tree, and the named policy that it is of.
#[derive(Clone, Copy)]
pub(crate) struct Leaf {
    pub(crate) demand: Demand,
    /// None where it is of the tree's own policy.
    #[cfg_attr(not(feature = "router"), expect(dead_code, reason = "for tables of routes"))]
    pub(crate) owner: Option<&'static Operation>,
}

/// The way in which a tree becomes something else, from its leaves up. The content of a named policy
/// stands in its place.
pub(crate) struct Fold<'a, T> {
    pub(crate) one: &'a dyn Fn(Leaf) -> T,
    pub(crate) all: &'a dyn Fn(Vec<T>) -> T,
    pub(crate) any: &'a dyn Fn(Vec<T>) -> T,
}

impl Requirement {
    /// Scopes that together satisfy what it demands of scopes, in the order they were written and
    /// each once: what a client should ask for (RFC 6750 section 3). Of alternatives the first.
    #[must_use]
    pub fn scopes(&self) -> Vec<&'static str> {
        let scopes: Vec<ScopeEntry> = self.fold(&Fold {
            one: &|leaf| leaf.demand.parts().scope.into_iter().collect(),
            all: &|members| members.concat(),
            any: &|members| members.into_iter().next().unwrap_or_default(),
        });
        each_once(scopes.into_iter().map(|entry| entry.name))
    }

    /// The `acr` values any of which may be what is lacking, each once (RFC 9470 section 3).
    pub(crate) fn acr_values(&self) -> Vec<&'static str> {
        let demands = self.demands().into_iter();
        each_once(demands.filter_map(|demand| demand.parts().acr))
    }

    /// The shortest age of an authentication that is asked for, in seconds.
    pub(crate) fn max_age(&self) -> Option<u64> {
        let demands = self.demands().into_iter();
        demands.filter_map(|demand| demand.parts().max_age).min()
    }

    /// Every demand, those of named policies included.
    pub(crate) fn demands(&self) -> Vec<Demand> {
        let all = |members: Vec<Vec<_>>| members.concat();
        self.fold(&Fold { one: &|leaf| vec![leaf.demand], all: &all, any: &all })
    }

    pub(crate) fn fold<T>(&self, fold: &Fold<'_, T>) -> T {
        self.fold_of(None, fold)
    }

    fn fold_of<T>(&self, owner: Option<&'static Operation>, fold: &Fold<'_, T>) -> T {
        let each = |members: &[Self]| {
            let members = members.iter();
            members.map(|member| member.fold_of(owner, fold)).collect()
        };
        match self {
            Self::All(members) => (fold.all)(each(members)),
            Self::Any(members) => (fold.any)(each(members)),
            Self::One(demand) => match demand.parts().policy {
                Some(policy) => {
                    let operation = policy.operation;
                    operation.requirement.fold_of(Some(operation), fold)
                }
                None => (fold.one)(Leaf { demand: *demand, owner }),
            },
        }
    }
}

fn each_once(names: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut once = Vec::new();
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    once
}

/// The demand for the check of this number.
#[must_use]
pub const fn check(number: usize, name: &'static str) -> Requirement {
    Requirement::One(Demand::Check(CheckDemand { name, number }))
}

/// The demand for another policy, which is the check of this number.
#[must_use]
pub const fn policy(number: usize, operation: &'static Operation) -> Requirement {
    Requirement::One(Demand::Policy(PolicyDemand { operation, number }))
}

/// As a person reads it: `items:write and (role auditor or check owns_order)`.
impl fmt::Display for Requirement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let phrase = self.fold(&Fold {
            one: &|leaf| Phrase::one(leaf.demand.description().to_string()),
            all: &|members| join(members, " and ", "any valid token"),
            any: &|members| join(members, " or ", "nobody"),
        });
        formatter.write_str(&phrase.text)
    }
}
