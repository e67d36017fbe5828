//! Whether a requirement demands a policy, of which a handler takes the proof: what else it would
//! demand no document says.

use super::implication::implies_across_policies;
use crate::policy::comparison::{every, some, text_eq};
use crate::policy::operation::Operation;
use crate::policy::requirement::Requirement;

/// Compiles where the requirement demands this policy, by its name or by what it demands.
///
/// # Panics
///
/// Otherwise with the message, which is an error at the caller where this is called in a constant.
#[track_caller]
pub const fn proves(requirement: &Requirement, policy: &Operation, message: &str) {
    assert!(demands(requirement, policy), "{}", message);
}

const fn demands(requirement: &Requirement, policy: &Operation) -> bool {
    let by_name = match requirement {
        Requirement::All(members) => some!(member in *members => demands(member, policy)),
        // No case at all lets nobody in, and stands where there is another mistake.
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
