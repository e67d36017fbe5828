//! Conversion of a requirement to the alternatives of OpenAPI's `security`. Each alternative is a
//! set of scopes, an optional issuer, and the proofs of possession that it demands.

use std::collections::BTreeSet;

use super::{DEFAULT_SCHEME, DPOP_SCHEME, MUTUAL_TLS_SCHEME};
use crate::policy::{Demand, Fold, Parts, Requirement, ScopeEntry};
use crate::possession::Proof;

/// The largest number of alternatives for one operation. The limit keeps documents readable.
const LIMIT: usize = 64;

/// A set of scopes, an optional issuer, and proofs of possession. A token satisfies the alternative
/// if it has all these scopes, comes from this issuer and is presented with these proofs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Alternative {
    pub(super) scopes: BTreeSet<&'static str>,
    pub(super) issuer: Option<&'static str>,
    needs_dpop: bool,
    needs_certificate: bool,
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
        let scopes = self.scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let certificate = (MUTUAL_TLS_SCHEME.to_owned(), Vec::new());
        let mut schemes = vec![(self.scheme(), scopes)];
        schemes.extend(self.needs_certificate.then_some(certificate));
        schemes
    }

    fn scope(name: &'static str) -> Self {
        Self { scopes: BTreeSet::from([name]), ..Self::default() }
    }

    fn proof(demanded: Option<Proof>) -> Self {
        Self {
            needs_dpop: demanded == Some(Proof::Dpop),
            needs_certificate: demanded == Some(Proof::Mtls),
            ..Self::default()
        }
    }

    /// Returns a placeholder for the name of the security scheme.
    /// [`OpenApiSecurity`](super::OpenApiSecurity) later replaces the placeholder. The scheme of
    /// tokens with a proof is the same for all issuers.
    fn scheme(&self) -> String {
        match self.issuer {
            _ if self.needs_dpop => DPOP_SCHEME.to_owned(),
            None => DEFAULT_SCHEME.to_owned(),
            Some(issuer) => format!("{DEFAULT_SCHEME}@{issuer}"),
        }
    }

    fn and(&self, other: &Self) -> Self {
        Self {
            scopes: &self.scopes | &other.scopes,
            issuer: self.issuer.or(other.issuer),
            needs_dpop: self.needs_dpop || other.needs_dpop,
            needs_certificate: self.needs_certificate || other.needs_certificate,
            is_anonymous: false,
        }
    }

    /// Returns the alternative with everything that both alternatives demand.
    fn common(&self, other: &Self) -> Self {
        Self {
            scopes: &self.scopes & &other.scopes,
            issuer: None,
            needs_dpop: self.needs_dpop && other.needs_dpop,
            needs_certificate: self.needs_certificate && other.needs_certificate,
            is_anonymous: false,
        }
    }

    /// Returns true if every token that satisfies the alternative `other` also satisfies this
    /// alternative.
    fn is_part_of(&self, other: &Self) -> bool {
        let same_issuer = self.issuer.is_none() || self.issuer == other.issuer;
        let has_proofs = (other.needs_dpop || !self.needs_dpop)
            && (other.needs_certificate || !self.needs_certificate);
        same_issuer && has_proofs && self.scopes.is_subset(&other.scopes)
    }
}

/// Returns the smallest alternatives that satisfy the requirement. Demands that OpenAPI cannot
/// express (roles, claims, checks) count as satisfied. If the requirement has more than [`LIMIT`]
/// alternatives, returns a single alternative with the scopes and proofs that all alternatives have
/// in common.
pub(super) fn alternatives(requirement: &Requirement) -> Vec<Alternative> {
    // An empty `security` would mean that the operation needs no token.
    enumerate(requirement)
        .filter(|alternatives| !alternatives.is_empty())
        .unwrap_or_else(|| vec![common(requirement)])
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
    let Parts { scope, issuer, proof, .. } = demand.parts();
    match scope {
        Some(entry) => smallest(names(&entry).map(Alternative::scope).collect()),
        None => Some(vec![Alternative { issuer, ..Alternative::proof(proof) }]),
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

/// Returns the scopes and proofs that every token needs to satisfy the requirement.
fn common(requirement: &Requirement) -> Alternative {
    requirement.fold(&Fold {
        one: &|leaf| {
            let Parts { scope, proof, .. } = leaf.demand.parts();
            let scope = scope.filter(|entry| entry.implied_by.is_empty());
            let scopes = scope.into_iter().map(|entry| entry.name).collect();
            Alternative { scopes, ..Alternative::proof(proof) }
        },
        all: &|members| {
            members.iter().fold(Alternative::default(), |joined, member| joined.and(member))
        },
        any: &|members| {
            members.into_iter().reduce(|these, those| these.common(&those)).unwrap_or_default()
        },
    })
}
