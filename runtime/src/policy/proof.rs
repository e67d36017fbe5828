//! Whether a requirement demands a policy, of which a handler takes the proof: what else it would
//! demand no document says.

use super::implication::implies_of_another;
use super::leaves::is;
use super::operation::Operation;
use super::requirement::Requirement;

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
        Requirement::All(members) => one_demands(members, policy),
        Requirement::Any(cases) => each_demands(cases, policy),
        Requirement::Named(_, named) => {
            is(named.name, policy.name) || demands(&named.requirement, policy)
        }
        _ => false,
    };
    by_name || implies_of_another(requirement, &policy.requirement)
}

const fn one_demands(mut members: &[Requirement], policy: &Operation) -> bool {
    while let [member, rest @ ..] = members {
        if demands(member, policy) {
            return true;
        }
        members = rest;
    }
    false
}

/// No case at all lets nobody in, and stands where there is another mistake.
const fn each_demands(mut cases: &[Requirement], policy: &Operation) -> bool {
    while let [case, rest @ ..] = cases {
        if !demands(case, policy) {
            return false;
        }
        cases = rest;
    }
    true
}

#[cfg(test)]
mod tests;
