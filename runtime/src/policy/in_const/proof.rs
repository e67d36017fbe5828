//! Compile-time check that the requirement of a handler includes each policy whose proof the
//! handler takes as an argument. Without this check, the argument could demand more than documents
//! and access tables show.

use super::implication::implies_across_policies;
use crate::policy::const_equality::{every, some, text_eq};
use crate::policy::operation::Operation;
use crate::policy::requirement::Requirement;

/// Asserts that the requirement names this policy or implies the requirement of this policy.
///
/// # Panics
///
/// Panics with the message if the requirement does not demand the policy. In a constant the panic
/// is a compile error at the caller.
#[track_caller]
pub const fn proves(requirement: &Requirement, policy: &Operation, message: &str) {
    assert!(demands(requirement, policy), "{}", message);
}

const fn demands(requirement: &Requirement, policy: &Operation) -> bool {
    let by_name = match requirement {
        Requirement::All(members) => some!(member in *members => demands(member, policy)),
        // For an empty group, `demands` returns true, so that it reports no second error: the
        // macros generate an empty group in place of a group with an error.
        Requirement::Any(cases) => every!(case in *cases => demands(case, policy)),
        Requirement::One(demand) => match demand.parts().policy {
            Some(named) => {
                text_eq(named.operation.name, policy.name)
                    || demands(&named.operation.requirement, policy)
            }
            None => false,
        },
    };
    by_name || implies_across_policies(requirement, &policy.requirement)
}

#[cfg(test)]
mod tests;
