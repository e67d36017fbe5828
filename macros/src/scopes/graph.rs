//! Which scope implies which.

use std::collections::{BTreeSet, VecDeque};

use proc_macro2::Ident;

use super::scope::Scope;
use crate::errors::Errors;
use crate::suggest;

/// For each scope those that it names.
pub(crate) struct Graph(Vec<Vec<usize>>);

impl Graph {
    /// The graph of these scopes. What cannot be meant is reported.
    pub(super) fn new(scopes: &[Scope], errors: &mut Errors) -> Self {
        let implied = |scope| implied(scope, scopes, errors);
        let graph = Self(scopes.iter().map(implied).collect());
        graph.without_cycles(scopes, errors);
        graph
    }

    /// Every scope that implies this one, directly or through others.
    pub(super) fn implying(&self, implied: usize) -> BTreeSet<usize> {
        let all = 0..self.0.len();
        all.filter(|from| self.way(*from, implied).is_some()).collect()
    }

    fn implied_by(&self, from: usize) -> &[usize] {
        self.0.get(from).map_or(&[], Vec::as_slice)
    }

    /// A shortest way of at least one step.
    fn way(&self, from: usize, to: usize) -> Option<Vec<usize>> {
        let mut seen = BTreeSet::new();
        let mut ways = VecDeque::from([vec![from]]);
        while let Some(way) = ways.pop_front() {
            for next in way.last().into_iter().flat_map(|end| self.implied_by(*end)) {
                let further: Vec<_> = way.iter().chain([next]).copied().collect();
                if *next == to {
                    return Some(further);
                }
                if seen.insert(*next) {
                    ways.push_back(further);
                }
            }
        }
        None
    }

    /// Reports each cycle once, where it starts.
    fn without_cycles(&self, scopes: &[Scope], errors: &mut Errors) {
        let mut told = BTreeSet::new();
        for (index, scope) in scopes.iter().enumerate() {
            if told.contains(&index) {
                continue;
            }
            let Some(cycle) = self.way(index, index) else {
                continue;
            };
            let names = cycle.iter().filter_map(|member| scopes.get(*member));
            let names: Vec<_> = names.map(|scope| scope.variant.to_string()).collect();
            let second = cycle.get(1).and_then(|second| scopes.get(*second));
            let at = second.and_then(|second| {
                let implies = scope.implies.iter();
                implies.clone().find(|implied| **implied == second.variant)
            });
            errors.at(
                at.unwrap_or(&scope.variant),
                format!(
                    "`{}` is a cycle, which makes them one scope: remove one `implies` of it",
                    names.join(" -> ")
                ),
            );
            told.extend(cycle);
        }
    }
}

fn implied(scope: &Scope, scopes: &[Scope], errors: &mut Errors) -> Vec<usize> {
    let mut found = Vec::new();
    for (index, name) in scope.implies.iter().enumerate() {
        let before = || scope.implies.iter().take(index);
        if *name == scope.variant {
            errors.at(name, format!("`{name}` implies itself already: remove it"));
        } else if before().any(|before| before == name) {
            errors.at(name, format!("`{name}` is in this list already: remove one"));
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
    let others = scopes.iter().map(|scope| scope.variant.to_string());
    let others: Vec<_> = others.filter(|other| scope.variant != other).collect();
    let others: Vec<_> = others.iter().map(String::as_str).collect();
    suggest::unknown_as("variant", name, &others, errors);
}
