//! Compile-time check that a requirement includes each policy whose proof the handler takes as an
//! argument. Otherwise the argument would demand more than documents and access tables show.

use super::implication::implies_across_policies;
use crate::policy::const_equality::{every, some, text_eq};
use crate::policy::operation::Operation;
use crate::policy::requirement::Requirement;

/// Asserts that the requirement demands this policy, by name or by content.
///
/// # Panics
///
/// If it does not, with the message. In a constant this is a compile error at the caller.
#[track_caller]
pub const fn proves(requirement: &Requirement, policy: &Operation, message: &str) {
    assert!(demands(requirement, policy), "{}", message);
}

const fn demands(requirement: &Requirement, policy: &Operation) -> bool {
    let by_name = match requirement {
        Requirement::All(members) => some!(member in *members => demands(member, policy)),
        // A group without cases cannot be satisfied. It stands in place of another error.
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
