//! The sets of scopes that a client may request to satisfy a requirement.

use std::collections::BTreeSet;

use super::evaluation::evaluate_with_scopes;
use super::request_facts::{Answers, Facts, Lack};
use super::requirement::{Fold, Requirement};

/// The largest number of scope sets for one requirement. The limit bounds the time that the guard
/// takes to refuse a request.
const LIMIT: usize = 16;

/// One set of scopes for each alternative that satisfies a requirement, in the order of the
/// declaration. An alternative that demands no scopes has an empty set.
#[derive(Debug)]
pub(crate) struct ScopeSets {
    sets: Vec<Vec<&'static str>>,
    /// Every scope that a demand of the requirement accepts, each once, including the scopes that imply a
    /// demanded scope.
    scopes: Vec<&'static str>,
}

impl ScopeSets {
    pub(crate) fn of(requirement: &Requirement) -> Self {
        let entries = requirement.demands().into_iter().filter_map(|demand| demand.parts().scope);
        let accepted: BTreeSet<_> = entries
            .flat_map(|entry| std::iter::once(entry.name).chain(entry.implied_by.iter().copied()))
            .collect();
        Self { sets: sets(requirement), scopes: accepted.into_iter().collect() }
    }

    pub(crate) fn get(&self, index: usize) -> Option<&[&'static str]> {
        self.sets.get(index).map(Vec::as_slice)
    }

    /// Returns the index of the set that the challenge of a refused request names.
    ///
    /// For a lack of authorization, this is the first nonempty set with which the token could
    /// satisfy the requirement, if the token had the scopes of the set in addition to its own.
    /// Application checks that the guard has not called count as passed. For a lack of
    /// authentication or of a proof, this is the first set with which the token would satisfy
    /// everything except the demands of this kind. Only a set that contains all scopes in `including` is
    /// selected.
    pub(crate) fn to_name(
        &self,
        requirement: &Requirement,
        facts: &Facts<'_>,
        answers: Answers,
        lack: Lack,
        including: &[&'static str],
    ) -> Option<usize> {
        let granted = match lack {
            Lack::Authorization => self.granted(facts),
            Lack::Authentication | Lack::Proof => Vec::new(),
        };
        let includes = |set: &[_]| including.iter().all(|scope| set.contains(scope));
        self.sets.iter().position(|set| {
            if !includes(set) {
                return false;
            }
            let scopes = union(&granted, set);
            let result = evaluate_with_scopes(requirement, facts, answers, &scopes);
            match lack {
                Lack::Authorization => !set.is_empty() && result.is_ok(),
                Lack::Authentication | Lack::Proof => result == Err(lack),
            }
        })
    }

    /// Returns the scopes of the requirement that the token has. The token may have thousands of
    /// scopes; only this function searches them.
    fn granted(&self, facts: &Facts<'_>) -> Vec<&'static str> {
        self.scopes.iter().copied().filter(|scope| facts.token.has_scope(scope)).collect()
    }
}

fn sets(requirement: &Requirement) -> Vec<Vec<&'static str>> {
    requirement.fold(&Fold {
        one: &|leaf| vec![leaf.demand.parts().scope.map(|entry| entry.name).into_iter().collect()],
        all: &|members: Vec<Vec<_>>| {
            members.iter().fold(vec![Vec::new()], |sets, others| products(&sets, others))
        },
        any: &|cases| cases.into_iter().flatten().take(LIMIT).collect(),
    })
}

/// Returns the union of each set in `sets` with each set in `others`, up to [`LIMIT`] unions.
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
