//! The requirement of an operation: a tree of demands.

use std::fmt;

use super::code_demands::{CheckDemand, PolicyDemand};
use super::const_equality::some;
use super::demand::Demand;
use super::display::{Phrase, join};
use super::operation::Operation;
use super::scopes::ScopeEntry;

/// A tree of demands on a valid token.
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
    /// A group whose members must all be satisfied. An empty group demands only a valid token.
    All(&'static [Self]),
    /// A group of which at least one member must be satisfied. No token satisfies an empty group.
    Any(&'static [Self]),
    /// A single demand.
    One(Demand),
}

/// A demand in a requirement, and the named policy that the demand comes from.
#[derive(Clone, Copy)]
pub(crate) struct Leaf {
    pub(crate) demand: Demand,
    /// The operation of the named policy that the demand comes from. `None` if the demand does not
    /// come from a named policy.
    #[cfg_attr(not(feature = "router"), expect(dead_code, reason = "for tables of routes"))]
    pub(crate) owner: Option<&'static Operation>,
}

/// The functions that [`Requirement::fold`] calls for the leaves and the groups of a requirement,
/// from the leaves up. For a named policy, `fold` visits the requirement of that policy.
pub(crate) struct Fold<'a, T> {
    pub(crate) one: &'a dyn Fn(Leaf) -> T,
    pub(crate) all: &'a dyn Fn(Vec<T>) -> T,
    pub(crate) any: &'a dyn Fn(Vec<T>) -> T,
}

impl Requirement {
    /// Returns the scopes that a client should request (RFC 6750 section 3). These scopes together
    /// satisfy all demands for scopes. For a [`Requirement::Any`], only the scopes of the first
    /// member are returned. The scopes are in the order of the declaration, without duplicates.
    #[must_use]
    pub fn scopes(&self) -> Vec<&'static str> {
        let scopes: Vec<ScopeEntry> = self.fold(&Fold {
            one: &|leaf| leaf.demand.parts().scope.into_iter().collect(),
            all: &|members| members.concat(),
            any: &|members| members.into_iter().next().unwrap_or_default(),
        });
        each_once(scopes.into_iter().map(|entry| entry.name))
    }

    /// Returns the demanded `acr` values without duplicates, for a challenge (RFC 9470 section 3).
    pub(crate) fn acr_values(&self) -> Vec<&'static str> {
        each_once(self.demands().into_iter().filter_map(|demand| demand.parts().acr))
    }

    /// Returns the smallest demanded `max_age` in seconds; `None` if no demand has a `max_age`.
    pub(crate) fn max_age(&self) -> Option<u64> {
        self.demands().into_iter().filter_map(|demand| demand.parts().max_age).min()
    }

    /// Returns the demanded issuers.
    #[cfg(any(feature = "router", feature = "__testing"))]
    pub(crate) fn issuers(&self) -> Vec<&'static str> {
        self.demands().into_iter().filter_map(|demand| demand.parts().issuer).collect()
    }

    /// Returns true if a demand is about authorization details, also in a named policy.
    pub(super) const fn demands_details(&self) -> bool {
        match self {
            Self::All(members) | Self::Any(members) => {
                some!(member in *members => member.demands_details())
            }
            Self::One(demand) => match demand.parts().policy {
                Some(policy) => policy.operation.requirement.demands_details(),
                None => demand.parts().details.is_some(),
            },
        }
    }

    /// Returns all demands, including those of named policies.
    pub(crate) fn demands(&self) -> Vec<Demand> {
        let all = |members: Vec<Vec<_>>| members.concat();
        self.fold(&Fold { one: &|leaf| vec![leaf.demand], all: &all, any: &all })
    }

    pub(crate) fn fold<T>(&self, fold: &Fold<'_, T>) -> T {
        self.fold_of(None, fold)
    }

    fn fold_of<T>(&self, owner: Option<&'static Operation>, fold: &Fold<'_, T>) -> T {
        let each =
            |members: &[Self]| members.iter().map(|member| member.fold_of(owner, fold)).collect();
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

/// Creates a requirement that is satisfied if the check with this number passes.
#[must_use]
pub const fn check(number: usize, name: &'static str) -> Requirement {
    Requirement::One(Demand::Check(CheckDemand { name, number }))
}

/// Creates a requirement that is satisfied if the request satisfies the other policy. The number
/// identifies the other policy among the checks of the policy that names it.
#[must_use]
pub const fn policy(number: usize, operation: &'static Operation) -> Requirement {
    Requirement::One(Demand::Policy(PolicyDemand { operation, number }))
}

/// Writes the requirement for people: `items:write and (role auditor or check owns_order)`.
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
