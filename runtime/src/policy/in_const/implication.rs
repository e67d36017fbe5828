//! Compile-time check that no member of a group is redundant. The attribute macros cannot do this
//! check: they see only the paths of declared scopes and named policies, and the compiler resolves
//! the paths.

use crate::policy::const_equality::{every, some};
use crate::policy::demand::Demand;
use crate::policy::requirement::Requirement;

/// The kind of a group: `all(...)` or `any(...)`.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::exhaustive_enums, reason = "written by the attributes")]
pub enum Connective {
    /// A group whose members must all be satisfied.
    All,
    /// A group of which one member must be satisfied.
    Any,
}

/// Another member of the group of the checked member, and the error message to report if this other
/// member makes the checked member redundant.
pub type Other<'a> = (&'a Requirement, &'a str);

/// Asserts that no other member of the group makes `member` redundant. If two members are equal,
/// the second one is redundant.
///
/// # Panics
///
/// Panics if `member` is redundant. In a constant the panic is a compile error at the caller.
#[track_caller]
pub const fn needed(
    joint: Connective,
    member: &Requirement,
    before: &[Other<'_>],
    after: &[Other<'_>],
) {
    check_others(joint, member, before, true);
    check_others(joint, member, after, false);
}

#[track_caller]
const fn check_others(
    joint: Connective,
    member: &Requirement,
    mut others: &[Other<'_>],
    is_second: bool,
) {
    while let [(other, message), rest @ ..] = others {
        let (narrower, broader) = match joint {
            Connective::All => (*other, member),
            Connective::Any => (member, *other),
        };
        let implied = implies(narrower, broader);
        let is_first_of_equals = !is_second && implies(broader, narrower);
        assert!(!implied || is_first_of_equals, "{}", *message);
        others = rest;
    }
}

/// Returns true if every request that satisfies this requirement also satisfies the other
/// requirement of the same policy. May return false although this requirement implies the other,
/// but never returns true wrongly.
pub(super) const fn implies(this: &Requirement, other: &Requirement) -> bool {
    decide(this, other, true)
}

/// Returns the same as [`implies`] for two requirements that belong to different policies.
pub(super) const fn implies_across_policies(this: &Requirement, other: &Requirement) -> bool {
    decide(this, other, false)
}

const fn decide(this: &Requirement, other: &Requirement, same_policy: bool) -> bool {
    use Requirement::{All, Any, One};
    match (this, other) {
        (_, All(parts)) => every!(part in *parts => decide(this, part, same_policy)),
        (Any(cases), _) => {
            // For an empty group, this expression is false, so that the caller reports no second
            // error: the macros generate an empty group in place of a group with an error.
            !cases.is_empty() && every!(case in *cases => decide(case, other, same_policy))
        }
        (All(parts), _) => {
            some!(part in *parts => decide(part, other, same_policy))
                || implies_content(this, other, same_policy)
        }
        (One(demand), One(other_demand)) => {
            demand.implies(other_demand, same_policy)
                || content_implies(demand, other)
                || implies_content(this, other, same_policy)
        }
        (One(demand), Any(_)) => {
            implies_content(this, other, same_policy) || content_implies(demand, other)
        }
    }
}

/// Returns true if the requirement `this` implies a case of `other`, or implies the requirement of
/// the policy that `other` names.
const fn implies_content(this: &Requirement, other: &Requirement, same_policy: bool) -> bool {
    match other {
        Requirement::All(_) => false,
        Requirement::Any(cases) => some!(case in *cases => decide(this, case, same_policy)),
        Requirement::One(demand) => match demand.parts().policy {
            Some(policy) => decide(this, &policy.operation.requirement, false),
            None => false,
        },
    }
}

/// Returns true if the demand `this` names a policy whose requirement implies `other`.
const fn content_implies(this: &Demand, other: &Requirement) -> bool {
    match this.parts().policy {
        Some(policy) => decide(&policy.operation.requirement, other, false),
        None => false,
    }
}

#[cfg(test)]
mod tests;
