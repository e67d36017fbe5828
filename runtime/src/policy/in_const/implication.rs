//! Compile-time check that no member of a group is redundant. The compiler resolves vocabularies and
//! named policies; the attribute macros see only their paths.

use crate::policy::const_equality::{every, some};
use crate::policy::demand::Demand;
use crate::policy::requirement::Requirement;

/// The connective of a group.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::exhaustive_enums, reason = "written by the attributes")]
pub enum Connective {
    /// All members are demanded.
    All,
    /// One member suffices.
    Any,
}

/// Another member of a group, and the error message if it makes the member in question redundant.
pub type Other<'a> = (&'a Requirement, &'a str);

/// Asserts that no other member of the group makes this one redundant. Of two equal members the
/// second is redundant.
///
/// # Panics
///
/// If the member is redundant. In a constant this is a compile error at the caller.
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

/// True if every request that satisfies this requirement satisfies the other one of the same policy.
/// May miss an implication; never reports a false one.
pub(super) const fn implies(this: &Requirement, other: &Requirement) -> bool {
    decide(this, other, true)
}

/// Like [`implies`], if the other requirement belongs to another policy.
pub(super) const fn implies_across_policies(this: &Requirement, other: &Requirement) -> bool {
    decide(this, other, false)
}

const fn decide(this: &Requirement, other: &Requirement, same_policy: bool) -> bool {
    use Requirement::{All, Any, One};
    match (this, other) {
        (_, All(parts)) => every!(part in *parts => decide(this, part, same_policy)),
        (Any(cases), _) => {
            // A group without cases would imply everything. It stands in place of another error.
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

/// True if this implies a case of the other, or the content of the policy that the other names.
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

/// True if the content of the policy that this names implies the other.
const fn content_implies(this: &Demand, other: &Requirement) -> bool {
    match this.parts().policy {
        Some(policy) => decide(&policy.operation.requirement, other, false),
        None => false,
    }
}

#[cfg(test)]
mod tests;
