//! Compile-time check that the guard of a handler runs each check whose value the handler takes.
//! Without this check, the handler would compile and refuse every request.
//!
//! A check is compared by the name of its function, because a named policy may write another path to
//! it. If two functions have this name, the assertion may hold wrongly. The value of another check
//! is not passed on even then: at run time the type of the check identifies the value.

use crate::policy::const_equality::{every, some};
use crate::policy::requirement::Requirement;

/// Asserts that a request can only satisfy the requirement if the guard has run the check.
///
/// # Panics
///
/// Panics with the message `absent` if the requirement does not name the check, and with the message
/// `optional` if a request can satisfy the requirement without the check. In a constant the panic is
/// a compile error at the caller.
#[track_caller]
pub const fn runs(requirement: &Requirement, check: &str, absent: &str, optional: &str) {
    may_run(requirement, check, absent);
    assert!(demands(requirement, check), "{}", optional);
}

/// Asserts that the requirement or a policy that it names contains the check.
///
/// # Panics
///
/// Panics with the message if the requirement does not name the check. In a constant the panic is a
/// compile error at the caller.
#[track_caller]
pub const fn may_run(requirement: &Requirement, check: &str, absent: &str) {
    assert!(names(requirement, check), "{}", absent);
}

const fn demands(requirement: &Requirement, check: &str) -> bool {
    match requirement {
        Requirement::All(members) => some!(member in *members => demands(member, check)),
        Requirement::Any(cases) => every!(case in *cases => demands(case, check)),
        Requirement::One(demand) => match (demand.parts().check, demand.parts().policy) {
            (Some(own), _) => is_same_function(own.name, check),
            (None, Some(policy)) => demands(&policy.operation.requirement, check),
            (None, None) => false,
        },
    }
}

const fn names(requirement: &Requirement, check: &str) -> bool {
    match requirement {
        // The macros generate an empty group in place of a group with an error. The assertion
        // reports no second error then.
        Requirement::Any([]) => true,
        Requirement::All(members) | Requirement::Any(members) => {
            some!(member in *members => names(member, check))
        }
        Requirement::One(demand) => match (demand.parts().check, demand.parts().policy) {
            (Some(own), _) => is_same_function(own.name, check),
            (None, Some(policy)) => names(&policy.operation.requirement, check),
            (None, None) => false,
        },
    }
}

/// Returns true if two names of checks, such as `load` and `blogs::load(Kind::Post)`, end in the same
/// function.
const fn is_same_function(name: &str, other: &str) -> bool {
    let (mut these, mut others) = (function(name), function(other));
    loop {
        match (these, others) {
            ([] | [b'(', ..], [] | [b'(', ..]) => return true,
            ([this, rest @ ..], [other, other_rest @ ..]) if *this == *other => {
                (these, others) = (rest, other_rest);
            }
            _ => return false,
        }
    }
}

/// Returns the name from its last path segment on, with the arguments.
const fn function(name: &str) -> &[u8] {
    let mut rest = name.as_bytes();
    let mut segment = rest;
    while let [byte, following @ ..] = rest {
        match *byte {
            b'(' => break,
            b':' => segment = following,
            _ => {}
        }
        rest = following;
    }
    segment
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::operation::Operation;
    use crate::policy::test_requirements::{check, policy, role};
    use Requirement::{All, Any};

    const LOADS: &Operation = &Operation::new("loads", All(&[role("r"), check(0, "blogs::load")]));
    const PERHAPS: &Operation =
        &Operation::new("perhaps", Any(&[role("r"), check(0, "blogs::load")]));

    #[test]
    fn a_check_runs_if_every_case_demands_it() {
        for (requirement, is_demanded, is_named) in const {
            [
                (check(0, "load"), true, true),
                (check(0, "::a::load"), true, true),
                (check(0, "load(Kind::Post)"), true, true),
                (check(0, "load(Kind::other)"), true, true),
                (check(0, "loads"), false, false),
                (check(0, "loa"), false, false),
                (check(0, "load::other"), false, false),
                (check(0, "other(load)"), false, false),
                (check(0, "inline check"), false, false),
                (All(&[]), false, false),
                (All(&[role("r"), check(0, "load")]), true, true),
                (Any(&[role("r"), check(0, "load")]), false, true),
                (All(&[check(0, "load"), Any(&[role("r"), role("s")])]), true, true),
                (Any(&[policy(0, LOADS), check(0, "load")]), true, true),
                (policy(0, LOADS), true, true),
                (policy(0, PERHAPS), false, true),
                (Any(&[policy(0, LOADS), role("s")]), false, true),
                (Any(&[]), true, true),
            ]
        } {
            assert_eq!(demands(&requirement, "load"), is_demanded, "{requirement:?}");
            assert_eq!(names(&requirement, "load"), is_named, "{requirement:?}");
        }
    }
}
