//! What one requirement says about another, while a program is compiled: there it is known what a
//! vocabulary and a named policy say, of which the attributes see only the path.

use crate::policy::comparison::{every, some};
use crate::policy::demand::Demand;
use crate::policy::requirement::Requirement;

/// How the members of a group are joined.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::exhaustive_enums, reason = "written by the attributes")]
pub enum Connective {
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
        let stays = !is_second && implies(broader, narrower);
        assert!(!implied || stays, "{}", *message);
        others = rest;
    }
}

/// Tells whether what satisfies this satisfies the other requirement of the same policy. It may miss
/// an implication, and never invents one.
pub(super) const fn implies(this: &Requirement, other: &Requirement) -> bool {
    decide(this, other, true)
}

/// The same where the other requirement is that of another policy.
pub(super) const fn implies_across_policies(this: &Requirement, other: &Requirement) -> bool {
    decide(this, other, false)
}

const fn decide(this: &Requirement, other: &Requirement, same_policy: bool) -> bool {
    use Requirement::{All, Any, One};
    match (this, other) {
        (_, All(parts)) => every!(part in *parts => decide(this, part, same_policy)),
        (Any(cases), _) => {
            // What nobody satisfies would imply everything; but there is another mistake in it.
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

/// A case of the other, or the content of the policy that the other names, is implied.
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

/// The other is implied by the content of a named policy.
const fn content_implies(this: &Demand, other: &Requirement) -> bool {
    match this.parts().policy {
        Some(policy) => decide(&policy.operation.requirement, other, false),
        None => false,
    }
}

#[cfg(test)]
mod tests;
