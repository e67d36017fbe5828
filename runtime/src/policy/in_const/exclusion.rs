//! Whether two requirements can hold together, while a program is compiled: there it is known what
//! a named policy says, of which the attributes see only the path.

use super::implication::Other;
use crate::policy::comparison::{every, some};
use crate::policy::requirement::Requirement;

/// Compiles where this can hold beside each of the others. Where what it is within cannot, that is
/// told and not each case of it.
///
/// # Panics
///
/// Otherwise, which is an error at the caller where this is called in a constant.
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

/// Tells whether what satisfies the one cannot satisfy the other. It may miss that, and never
/// invents it.
pub(super) const fn excludes(this: &Requirement, other: &Requirement) -> bool {
    use Requirement::{All, Any, One};
    let (this, other) = (content(this), content(other));
    match (this, other) {
        (Any(cases), _) => each_excludes(cases, other),
        (_, Any(cases)) => each_excludes(cases, this),
        // One part may exclude the cases of another only together with its neighbours.
        (All(parts), All(others)) => some_excludes(parts, other) || some_excludes(others, this),
        (All(parts), One(_)) => some_excludes(parts, other),
        (One(_), All(parts)) => some_excludes(parts, this),
        (One(this), One(other)) => this.excludes(other),
    }
}

/// The requirement itself, or that of the policy that it names.
const fn content(requirement: &Requirement) -> &Requirement {
    let mut content = requirement;
    while let Requirement::One(demand) = content
        && let Some(policy) = demand.parts().policy
    {
        content = &policy.operation.requirement;
    }
    content
}

/// A group without cases, which nobody satisfies, would exclude everything; but there is another
/// mistake in it.
const fn each_excludes(cases: &[Requirement], other: &Requirement) -> bool {
    !cases.is_empty() && every!(case in cases => excludes(case, other))
}

const fn some_excludes(parts: &[Requirement], other: &Requirement) -> bool {
    some!(part in parts => excludes(part, other))
}

#[cfg(test)]
mod tests;
