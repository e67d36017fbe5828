//! Compile-time check that one request can satisfy two requirements together. The attribute macros
//! cannot do this check: they see only the paths of named policies, and the compiler resolves the
//! paths.

use super::implication::Other;
use crate::policy::const_equality::{every, some};
use crate::policy::requirement::Requirement;

/// Asserts that one request can satisfy `member` together with each requirement of `others`. Skips
/// a requirement of `others` that the group `within` also excludes, because the check of `within`
/// reports that exclusion.
///
/// # Panics
///
/// Panics if a requirement of `others` excludes `member`. In a constant the panic is a compile
/// error at the caller.
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

/// Returns true if no request satisfies both requirements. May return false although the
/// requirements exclude each other, but never returns true wrongly.
pub(super) const fn excludes(this: &Requirement, other: &Requirement) -> bool {
    use Requirement::{All, Any, One};
    let (this, other) = (content(this), content(other));
    match (this, other) {
        (Any(cases), _) => each_excludes(cases, other),
        (_, Any(cases)) => each_excludes(cases, this),
        // Sometimes only several parts of a group together exclude another requirement. `excludes`
        // therefore compares each part with the whole other group, in both directions.
        (All(parts), All(others)) => some_excludes(parts, other) || some_excludes(others, this),
        (All(parts), One(_)) => some_excludes(parts, other),
        (One(_), All(parts)) => some_excludes(parts, this),
        (One(this), One(other)) => this.excludes(other),
    }
}

/// Returns the requirement of the named policy if the requirement is a `Demand::Policy`; otherwise
/// returns the requirement itself.
const fn content(requirement: &Requirement) -> &Requirement {
    let mut content = requirement;
    while let Requirement::One(demand) = content
        && let Some(policy) = demand.parts().policy
    {
        content = &policy.operation.requirement;
    }
    content
}

/// Returns true if every case excludes the other requirement. Returns false for an empty group, so
/// that the caller reports no second error: the macros generate an empty group in place of a group
/// with an error.
const fn each_excludes(cases: &[Requirement], other: &Requirement) -> bool {
    !cases.is_empty() && every!(case in cases => excludes(case, other))
}

const fn some_excludes(parts: &[Requirement], other: &Requirement) -> bool {
    some!(part in parts => excludes(part, other))
}

#[cfg(test)]
mod tests;
