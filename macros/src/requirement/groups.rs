//! The groups of a tree, each with what it joins.

use super::{Code, Demand, Leaf, Requirement};
use crate::errors::Errors;

/// As many as the runtime runs for one policy.
const MAX_CHECKS: usize = 8;

/// How the members of a group are joined.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connective {
    All,
    Any,
}

/// A group of at least two, with the members of groups within that are joined in the same way.
pub(crate) struct Group<'a> {
    pub(crate) joint: Connective,
    pub(crate) members: Vec<&'a Requirement>,
}

impl Requirement {
    /// Every group of the tree, this one first.
    pub(crate) fn groups(&self) -> Vec<Group<'_>> {
        let joint = match &self.demand {
            Demand::All(_) => Connective::All,
            Demand::Any(_) => Connective::Any,
            Demand::Leaf(_) => return Vec::new(),
        };
        let members = self.joined(joint);
        let within: Vec<_> = members.iter().flat_map(|member| member.groups()).collect();
        let this = Group { joint, members };
        [this].into_iter().chain(within).collect()
    }

    /// What it joins in this way, or only itself.
    pub(crate) fn joined(&self, joint: Connective) -> Vec<&Self> {
        let mut joined = Vec::new();
        self.join(joint, &mut joined);
        joined
    }

    fn join<'a>(&'a self, joint: Connective, joined: &mut Vec<&'a Self>) {
        let members = match &self.demand {
            Demand::All(members) if joint == Connective::All || members.len() == 1 => members,
            Demand::Any(members) if joint == Connective::Any || members.len() == 1 => members,
            _ => {
                joined.push(self);
                return;
            }
        };
        for member in members {
            member.join(joint, joined);
        }
    }

    /// The user's own code in the tree, each once; its index is its place.
    pub(crate) fn code(&self) -> Vec<(&Self, &Code)> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect<'a>(&'a self, found: &mut Vec<(&'a Self, &'a Code)>) {
        match &self.demand {
            Demand::All(members) | Demand::Any(members) => {
                for member in members {
                    member.collect(found);
                }
            }
            Demand::Leaf(Leaf::Code(code)) if !found.iter().any(|(_, known)| known.is(code)) => {
                found.push((self, code));
            }
            Demand::Leaf(_) => {}
        }
    }
}

/// Reports what is beyond what the runtime runs.
pub(crate) fn few_checks(requirement: &Requirement, errors: &mut Errors) {
    for (leaf, _) in requirement.code().into_iter().skip(MAX_CHECKS) {
        errors.at(
            &leaf.written,
            format!(
                "a policy has {MAX_CHECKS} checks and policies at most: join some in one function"
            ),
        );
    }
}
