//! The demands of a route as text. Two demands with the same text are the same demand, even on two
//! routes.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::policy::display::{self, Phrase, join};
use crate::policy::{Fold, Leaf, Operation, Parts};

/// A requirement whose demands are text.
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
        operation.requirement.fold(&Fold {
            one: &|leaf| Self::leaf(leaf, operation.name),
            all: &|members| Self::All(members),
            any: &|members| Self::Any(members),
        })
    }

    fn leaf(leaf: Leaf, owner: &str) -> Self {
        let Leaf { demand, owner: named } = leaf;
        let owner = named.map_or(owner, |named| named.name);
        match demand.parts() {
            // A token with a scope that implies the demanded scope also satisfies the demand, so
            // the snapshot contains the demanded scope and all scopes that imply it.
            Parts { scope: Some(entry), .. } if !entry.implied_by.is_empty() => {
                let broader = entry.implied_by.iter().copied();
                let scopes = std::iter::once(entry.name).chain(broader);
                Self::Any(scopes.map(|scope| Self::One(display::word(scope))).collect())
            }
            Parts { check: Some(demand), .. } => {
                Self::One(check(owner, demand.number, demand.name))
            }
            _ => Self::One(demand.description().to_string()),
        }
    }

    /// Adds the text of each demand in this requirement to `leaves`.
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

    /// Returns true if a request satisfies this requirement when the request satisfies exactly the
    /// demands for which `leaf` returns true.
    pub(super) fn holds(&self, leaf: &impl Fn(&str) -> bool) -> bool {
        match self {
            Self::All(members) => members.iter().all(|member| member.holds(leaf)),
            Self::Any(members) => members.iter().any(|member| member.holds(leaf)),
            Self::One(one) => leaf(one),
        }
    }

    fn phrase(&self) -> Phrase {
        let each = |members: &[Self]| members.iter().map(Self::phrase).collect();
        match self {
            Self::One(leaf) => Phrase::one(leaf.clone()),
            Self::All(members) => join(each(members), " and ", "any valid token"),
            Self::Any(members) => join(each(members), " or ", "nobody"),
        }
    }
}

/// Returns the text that identifies a check. The text contains the absolute path of the check,
/// because a relative path depends on the module of the policy that names the check. For a check
/// whose name is not a path, the text contains the name, the number of the check and the name of
/// the policy.
fn check(owner: &str, index: usize, name: &str) -> String {
    let module = owner.rsplit_once("::").map_or(owner, |(module, _)| module);
    let path_end = name.find('(').unwrap_or(name.len());
    let (path, constants) = name.split_at_checked(path_end).unwrap_or((name, ""));
    if !path.split("::").all(is_name) {
        return format!("check {} {index} of {}", display::word(name), display::word(owner));
    }
    let absolute = resolve(module, path);
    // The paths in the constants depend on the module too.
    if constants.is_empty() || absolute.strip_prefix(module) == Some(&format!("::{path}")) {
        format!("check {}{constants}", display::word(&absolute))
    } else {
        format!("check {}{constants} in {}", display::word(&absolute), display::word(module))
    }
}

fn is_name(segment: &str) -> bool {
    !segment.is_empty() && segment.chars().all(|one| one == '_' || one.is_alphanumeric())
}

/// Converts a Rust path, as written in this module, to a path that begins with the name of the
/// crate.
fn resolve(module: &str, path: &str) -> String {
    let (parent, crate_name) = (module.rsplit_once("::"), module.split("::").next());
    match (path.split_once("::"), parent, crate_name) {
        (Some(("crate", rest)), _, Some(crate_name)) => format!("{crate_name}::{rest}"),
        (Some(("self", rest)), _, _) => resolve(module, rest),
        (Some(("super", rest)), Some((parent, _)), _) => resolve(parent, rest),
        _ => format!("{module}::{path}"),
    }
}

impl fmt::Display for Demand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.phrase().text)
    }
}
