//! What one requirement says about another, while a program is compiled: there it is known what a
//! vocabulary and a named policy say, of which the attributes see only the path.

use super::leaves::{leaf_implies, scope_implies, scopes_imply};
use super::requirement::Requirement;

/// How the members of a group are joined.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::exhaustive_enums, reason = "written by the attributes")]
pub enum Joint {
    /// Each is demanded.
    All,
    /// One suffices.
    Any,
}

/// Another member of a group, and what to say where it makes the one in question pointless.
pub type Other<'a> = (&'a Requirement, &'a str);

/// Compiles where no other member of its group makes this one pointless. Of two that are the same
/// the first stays.
///
/// # Panics
///
/// Otherwise, which is an error at the caller where this is called in a constant.
#[track_caller]
pub const fn needed(joint: Joint, member: &Requirement, before: &[Other<'_>], after: &[Other<'_>]) {
    needed_beside(joint, member, before, true);
    needed_beside(joint, member, after, false);
}

#[track_caller]
const fn needed_beside(
    joint: Joint,
    member: &Requirement,
    mut others: &[Other<'_>],
    is_second: bool,
) {
    while let [(other, message), rest @ ..] = others {
        let (narrower, broader) = match joint {
            Joint::All => (*other, member),
            Joint::Any => (member, *other),
        };
        let implied = implies(narrower, broader);
        let stays = !is_second && implies(broader, narrower);
        assert!(!implied || stays, "{}", *message);
        others = rest;
    }
}

/// Whether what satisfies this satisfies the other requirement of the same policy. It may miss an
/// implication, and never invents one.
pub(super) const fn implies(this: &Requirement, other: &Requirement) -> bool {
    between(this, other, true)
}

/// The same where the other requirement is that of another policy.
pub(super) const fn implies_of_another(this: &Requirement, other: &Requirement) -> bool {
    between(this, other, false)
}

/// Checks are known by their number in a policy only, so none of one policy is one of another.
const fn between(this: &Requirement, other: &Requirement, of_one_policy: bool) -> bool {
    use Requirement::{All, Any, Check, Declared, Named, Scope};
    match (this, other) {
        (_, All(parts)) => implies_each(this, parts, of_one_policy),
        (Any(cases), _) => each_implies(cases, other, of_one_policy),
        (All(parts), Any(cases)) => {
            some_implies(parts, other, of_one_policy) || implies_some(this, cases, of_one_policy)
        }
        (All(parts), Named(_, named)) => {
            some_implies(parts, other, of_one_policy) || between(this, &named.requirement, false)
        }
        (All(parts), _) => some_implies(parts, other, of_one_policy),
        (Named(_, named), Any(cases)) => {
            implies_some(this, cases, of_one_policy) || between(&named.requirement, other, false)
        }
        (_, Any(cases)) => implies_some(this, cases, of_one_policy),
        (Check(this, _), Check(other, _)) => of_one_policy && *this == *other,
        (Named(this, _), Named(other, _)) if of_one_policy && *this == *other => true,
        (Named(_, named), _) => between(&named.requirement, other, false),
        (_, Named(_, named)) => between(this, &named.requirement, false),
        (Scope(name), _) => scope_implies(name, other),
        (Declared(entry), _) => {
            scope_implies(entry.name, other) && scopes_imply(entry.implied_by, other)
        }
        _ => leaf_implies(this, other),
    }
}

const fn implies_each(this: &Requirement, mut parts: &[Requirement], of_one_policy: bool) -> bool {
    while let [part, rest @ ..] = parts {
        if !between(this, part, of_one_policy) {
            return false;
        }
        parts = rest;
    }
    true
}

/// What nobody satisfies would imply everything; but there is another mistake in it.
const fn each_implies(cases: &[Requirement], other: &Requirement, of_one_policy: bool) -> bool {
    let mut left = cases;
    while let [case, rest @ ..] = left {
        if !between(case, other, of_one_policy) {
            return false;
        }
        left = rest;
    }
    !cases.is_empty()
}

const fn implies_some(this: &Requirement, mut cases: &[Requirement], of_one_policy: bool) -> bool {
    while let [case, rest @ ..] = cases {
        if between(this, case, of_one_policy) {
            return true;
        }
        cases = rest;
    }
    false
}

const fn some_implies(mut parts: &[Requirement], other: &Requirement, of_one_policy: bool) -> bool {
    while let [part, rest @ ..] = parts {
        if between(part, other, of_one_policy) {
            return true;
        }
        parts = rest;
    }
    false
}

#[cfg(test)]
mod tests;
