//! Whether two requirements can hold together, while a program is compiled: there it is known what
//! a named policy says, of which the attributes see only the path.

use super::implication::Other;
use super::leaves::leaf_excludes;
use super::requirement::Requirement;

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
        let is_told = match within {
            Some(within) => excludes(within, other),
            None => false,
        };
        assert!(is_told || !excludes(member, other), "{}", *message);
        others = rest;
    }
}

/// Whether what satisfies the one cannot satisfy the other. It may miss that, and never invents it.
pub(super) const fn excludes(this: &Requirement, other: &Requirement) -> bool {
    use Requirement::{All, Any, Named};
    match (this, other) {
        (Named(_, named), _) => excludes(&named.requirement, other),
        (_, Named(_, named)) => excludes(this, &named.requirement),
        (Any(cases), _) => excludes_each(other, cases),
        (_, Any(cases)) => excludes_each(this, cases),
        // One part may exclude the cases of another only together with its neighbours.
        (All(parts), All(others)) => excludes_some(other, parts) || excludes_some(this, others),
        (All(parts), _) => excludes_some(other, parts),
        (_, All(parts)) => excludes_some(this, parts),
        _ => leaf_excludes(this, other),
    }
}

/// What nobody satisfies would exclude everything; but there is another mistake in it.
const fn excludes_each(this: &Requirement, cases: &[Requirement]) -> bool {
    let mut left = cases;
    while let [case, rest @ ..] = left {
        if !excludes(this, case) {
            return false;
        }
        left = rest;
    }
    !cases.is_empty()
}

const fn excludes_some(this: &Requirement, mut parts: &[Requirement]) -> bool {
    while let [part, rest @ ..] = parts {
        if excludes(this, part) {
            return true;
        }
        parts = rest;
    }
    false
}

#[cfg(test)]
mod tests;
