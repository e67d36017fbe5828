//! Compile-time check that two requirements can be satisfied together. The compiler resolves named
//! policies; the attribute macros see only their paths.

use super::implication::Other;
use crate::policy::const_equality::{every, some};
use crate::policy::requirement::Requirement;

/// Asserts that the member can be satisfied together with each of the others. If the group `within`
/// already excludes another, the error is reported for the group only.
///
/// # Panics
///
/// If another requirement excludes the member. In a constant this is a compile error at the caller.
#[track_caller]
pub const fn possible(
    member: &Requirement,
    within: Option<&Requirement>,
    mut others: &[Other<'_>],
) {
    while let [(other, message), rest @ ..] = others {
        let is_reported = match within {
            Some(within) => excludes(within, other),
            None => false,
        };
        assert!(is_reported || !excludes(member, other), "{}", *message);
        others = rest;
    }
}

/// True if no request satisfies both. May miss an exclusion; never reports a false one.
pub(super) const fn excludes(this: &Requirement, other: &Requirement) -> bool {
    use Requirement::{All, Any, One};
    let (this, other) = (content(this), content(other));
    match (this, other) {
        (Any(cases), _) => each_excludes(cases, other),
        (_, Any(cases)) => each_excludes(cases, this),
        // The parts of a group may exclude the cases of another part only together.
        (All(parts), All(others)) => some_excludes(parts, other) || some_excludes(others, this),
        (All(parts), One(_)) => some_excludes(parts, other),
        (One(_), All(parts)) => some_excludes(parts, this),
        (One(this), One(other)) => this.excludes(other),
    }
}

/// The requirement itself, or the requirement of the policy that it names.
const fn content(requirement: &Requirement) -> &Requirement {
    let mut content = requirement;
    while let Requirement::One(demand) = content
        && let Some(policy) = demand.parts().policy
    {
        content = &policy.operation.requirement;
    }
    content
}

/// A group without cases cannot be satisfied, so it would exclude everything. It stands in place of
/// another error, which is reported instead.
const fn each_excludes(cases: &[Requirement], other: &Requirement) -> bool {
    !cases.is_empty() && every!(case in cases => excludes(case, other))
}

const fn some_excludes(parts: &[Requirement], other: &Requirement) -> bool {
    some!(part in parts => excludes(part, other))
}

#[cfg(test)]
mod tests;
