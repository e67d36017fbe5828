//! What a route demands, in words that mean the same on every route.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::policy::{Operation, Requirement, words};

/// A requirement, its leaves in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Demand {
    All(Vec<Self>),
    Any(Vec<Self>),
    #[serde(untagged)]
    One(String),
}

impl Demand {
    pub(super) fn of(operation: &Operation) -> Self {
        Self::stated(&operation.requirement, operation.name)
    }

    fn stated(requirement: &Requirement, owner: &str) -> Self {
        let each = |members: &[Requirement]| {
            let members = members.iter();
            members.map(|member| Self::stated(member, owner)).collect()
        };
        match requirement {
            Requirement::All(members) => Self::All(each(members)),
            Requirement::Any(members) => Self::Any(each(members)),
            Requirement::Named(_, operation) => Self::of(operation),
            // What implies a scope is part of what lets somebody through.
            Requirement::Declared(entry) if !entry.implied_by.is_empty() => {
                let broader = entry.implied_by.iter().copied();
                let scopes = std::iter::once(entry.name).chain(broader);
                Self::Any(scopes.map(|scope| Self::One(words::word(scope))).collect())
            }
            Requirement::Check(index, name) => Self::One(check(owner, *index, name)),
            leaf => Self::One(leaf.to_string()),
        }
    }

    /// The leaves, each once.
    pub(super) fn collect<'a>(&'a self, leaves: &mut BTreeSet<&'a str>) {
        match self {
            Self::All(members) | Self::Any(members) => {
                for member in members {
                    member.collect(leaves);
                }
            }
            Self::One(leaf) => {
                leaves.insert(leaf);
            }
        }
    }

    /// Whether it is satisfied where these leaves are.
    pub(super) fn holds(&self, leaf: &impl Fn(&str) -> bool) -> bool {
        match self {
            Self::All(members) => members.iter().all(|member| member.holds(leaf)),
            Self::Any(members) => members.iter().any(|member| member.holds(leaf)),
            Self::One(one) => leaf(one),
        }
    }

    fn is_group(&self) -> bool {
        matches!(self, Self::All(members) | Self::Any(members) if members.len() > 1)
    }
}

/// A check by where it is from: its path means something only in the module of what names it, and
/// what has no path is known by its number there.
fn check(owner: &str, index: usize, name: &str) -> String {
    let is_name = |segment: &str| {
        let mut characters = segment.chars();
        !segment.is_empty() && characters.all(|one| one == '_' || one.is_alphanumeric())
    };
    if name.split("::").all(is_name) {
        let module = owner.rsplit_once("::").map_or(owner, |(module, _)| module);
        format!("check {}", words::word(&resolved(module, name)))
    } else {
        format!(
            "check {} {index} of {}",
            words::word(name),
            words::word(owner)
        )
    }
}

/// A path as seen from a module, from the crate on.
fn resolved(module: &str, path: &str) -> String {
    let (parent, crate_name) = (module.rsplit_once("::"), module.split("::").next());
    match (path.split_once("::"), parent, crate_name) {
        (Some(("crate", rest)), _, Some(crate_name)) => format!("{crate_name}::{rest}"),
        (Some(("self", rest)), _, _) => resolved(module, rest),
        (Some(("super", rest)), Some((parent, _)), _) => resolved(parent, rest),
        _ => format!("{module}::{path}"),
    }
}

impl fmt::Display for Demand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(leaf) => formatter.write_str(leaf),
            Self::All(members) => words::all(formatter, members, Self::is_group),
            Self::Any(members) => words::any(formatter, members, Self::is_group),
        }
    }
}
