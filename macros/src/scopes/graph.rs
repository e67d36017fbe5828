//! The implications between scopes.

use std::collections::{BTreeSet, VecDeque};

use proc_macro2::Ident;

use super::scope::Scope;
use crate::errors::Errors;
use crate::suggest;

/// The implications as a graph: for each scope, the indices of the scopes in its `implies`.
pub(crate) struct Graph(Vec<Vec<usize>>);

impl Graph {
    /// Builds the graph from the `implies` of all scopes, and reports unknown names, duplicates and
    /// cycles.
    pub(super) fn new(scopes: &[Scope], errors: &mut Errors) -> Self {
        let graph = Self(scopes.iter().map(|scope| implied(scope, scopes, errors)).collect());
        graph.report_cycles(scopes, errors);
        graph
    }

    /// Returns every scope that implies the scope `implied`, directly or through other scopes.
    pub(super) fn broader_scopes(&self, implied: usize) -> BTreeSet<usize> {
        let all = 0..self.0.len();
        all.filter(|from| self.path(*from, implied).is_some()).collect()
    }

    fn implied_by(&self, from: usize) -> &[usize] {
        self.0.get(from).map_or(&[], Vec::as_slice)
    }

    /// Finds a shortest path of at least one step from the scope `from` to the scope `to`.
    fn path(&self, from: usize, to: usize) -> Option<Vec<usize>> {
        let mut seen = BTreeSet::new();
        let mut paths = VecDeque::from([vec![from]]);
        while let Some(path) = paths.pop_front() {
            for next in path.last().into_iter().flat_map(|end| self.implied_by(*end)) {
                let longer: Vec<_> = path.iter().chain([next]).copied().collect();
                if *next == to {
                    return Some(longer);
                }
                if seen.insert(*next) {
                    paths.push_back(longer);
                }
            }
        }
        None
    }

    /// Reports each cycle once, at the first scope of the cycle.
    fn report_cycles(&self, scopes: &[Scope], errors: &mut Errors) {
        let mut reported = BTreeSet::new();
        for (index, scope) in scopes.iter().enumerate() {
            if reported.contains(&index) {
                continue;
            }
            let Some(cycle) = self.path(index, index) else {
                continue;
            };
            let names: Vec<_> = cycle
                .iter()
                .filter_map(|member| scopes.get(*member))
                .map(|scope| scope.variant.to_string())
                .collect();
            let second = cycle.get(1).and_then(|second| scopes.get(*second));
            let at = second.and_then(|second| {
                scope.implies.iter().find(|implied| **implied == second.variant)
            });
            errors.at(
                at.unwrap_or(&scope.variant),
                format!("`{}` is a cycle: remove one of its `implies`", names.join(" -> ")),
            );
            reported.extend(cycle);
        }
    }
}

fn implied(scope: &Scope, scopes: &[Scope], errors: &mut Errors) -> Vec<usize> {
    let mut found = Vec::new();
    for (index, name) in scope.implies.iter().enumerate() {
        if *name == scope.variant {
            errors.at(name, format!("every scope implies itself: remove `{name}`"));
        } else if scope.implies.iter().take(index).any(|before| before == name) {
            errors.at(name, format!("duplicate variant `{name}`: remove one"));
        } else {
            match scopes.iter().position(|scope| scope.variant == *name) {
                Some(index) => found.push(index),
                None => unknown(name, scope, scopes, errors),
            }
        }
    }
    found
}

fn unknown(name: &Ident, scope: &Scope, scopes: &[Scope], errors: &mut Errors) {
    let others: Vec<_> = scopes
        .iter()
        .map(|other| other.variant.to_string())
        .filter(|other| scope.variant != other)
        .collect();
    let known: Vec<_> = others.iter().map(String::as_str).collect();
    suggest::unknown_as("variant", name, &known, errors);
}
