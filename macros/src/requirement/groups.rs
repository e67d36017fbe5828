//! Finds the `all(...)` and `any(...)` groups of a requirement. Nested groups with the same
//! connective count as one group.

use super::{Code, Demand, Leaf, Requirement};
use crate::errors::Errors;

/// The largest number of checks and named policies that the runtime runs for one policy.
const MAX_CHECKS: usize = 8;

/// The operator that joins the members of a group.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connective {
    All,
    Any,
}

/// A group of requirements. Nested groups with the same connective are replaced by their members.
pub(crate) struct Group<'a> {
    pub(crate) connective: Connective,
    pub(crate) members: Vec<&'a Requirement>,
}

impl Requirement {
    /// Returns every group of the requirement, the outermost group first.
    pub(crate) fn groups(&self) -> Vec<Group<'_>> {
        let connective = match &self.demand {
            Demand::All(_) => Connective::All,
            Demand::Any(_) => Connective::Any,
            Demand::Leaf(_) => return Vec::new(),
        };
        let members = self.members_of(connective);
        let nested: Vec<_> = members.iter().flat_map(|member| member.groups()).collect();
        let this = Group { connective, members };
        [this].into_iter().chain(nested).collect()
    }

    /// Returns the members that `connective` joins in this requirement. Returns the requirement
    /// itself if `connective` joins no members.
    pub(crate) fn members_of(&self, connective: Connective) -> Vec<&Self> {
        let mut members = Vec::new();
        self.collect_members(connective, &mut members);
        members
    }

    fn collect_members<'a>(&'a self, connective: Connective, found: &mut Vec<&'a Self>) {
        let members = match &self.demand {
            Demand::All(members) if connective == Connective::All || members.len() == 1 => members,
            Demand::Any(members) if connective == Connective::Any || members.len() == 1 => members,
            _ => {
                found.push(self);
                return;
            }
        };
        for member in members {
            member.collect_members(connective, found);
        }
    }

    /// Returns each check and each named policy of the requirement once. The position of a check or
    /// a policy in the result is its index in the expansion.
    pub(crate) fn code(&self) -> Vec<(&Self, &Code)> {
        let mut found = Vec::new();
        self.collect_code(&mut found);
        found
    }

    fn collect_code<'a>(&'a self, found: &mut Vec<(&'a Self, &'a Code)>) {
        match &self.demand {
            Demand::All(members) | Demand::Any(members) => {
                for member in members {
                    member.collect_code(found);
                }
            }
            Demand::Leaf(Leaf::Code(code)) if !found.iter().any(|(_, other)| other.is(code)) => {
                found.push((self, code));
            }
            Demand::Leaf(_) => {}
        }
    }
}

/// Reports an error if a requirement has more than [`MAX_CHECKS`] checks and named policies.
pub(crate) fn limit_checks(requirement: &Requirement, errors: &mut Errors) {
    for (leaf, _) in requirement.code().into_iter().skip(MAX_CHECKS) {
        errors.at(
            &leaf.tokens,
            format!(
                "a policy can have at most {MAX_CHECKS} checks and policies: combine some in one function"
            ),
        );
    }
}
