//! Compile-time check that the guard of a handler runs each check whose value the handler takes.
//! Without this check, the handler would compile and refuse every request.
//!
//! A check is compared by the name of its function, because a named policy may write another path to
//! it. If two functions have this name, the assertion may hold wrongly. The value of another check
//! is not passed on even then: at run time the type of the check identifies the value.

use crate::policy::const_equality::{every, some, text_eq};
use crate::policy::requirement::Requirement;

/// Asserts that the guard runs the check, that it runs a check with constants only once, and, if
/// `optional` is a message, that no request satisfies the requirement without the check.
///
/// # Panics
///
/// Panics with the message `absent` if the requirement does not name the check, with `several` if it
/// names the check several times with constants, and with `optional` if a request can satisfy it
/// without the check. In a constant the panic is a compile error at the caller.
#[track_caller]
pub const fn runs(
    requirement: &Requirement,
    check: &str,
    absent: &str,
    several: &str,
    optional: Option<&str>,
) {
    assert!(names(requirement, check), "{}", absent);
    if let Some(run) = first_run(requirement, check, "") {
        assert!(is_only_run(requirement, check, "", run), "{}", several);
    }
    if let Some(optional) = optional {
        assert!(demands(requirement, check), "{}", optional);
    }
}

/// The place of a check: the name of the policy, and the number of the check in this policy.
type Run<'a> = (&'a str, usize);

/// Returns the first place of the check, if it has constants.
const fn first_run<'a>(requirement: &Requirement, check: &str, policy: &'a str) -> Option<Run<'a>> {
    match requirement {
        Requirement::All(members) | Requirement::Any(members) => {
            let mut rest = *members;
            while let [member, others @ ..] = rest {
                if let Some(run) = first_run(member, check, policy) {
                    return Some(run);
                }
                rest = others;
            }
            None
        }
        Requirement::One(demand) => match (demand.parts().check, demand.parts().policy) {
            (Some(own), _) if has_constants(own.name) && is_same_function(own.name, check) => {
                Some((policy, own.number))
            }
            (None, Some(named)) => {
                first_run(&named.operation.requirement, check, named.operation.name)
            }
            _ => None,
        },
    }
}

/// Returns true if the requirement names the check only at this place. The same check at two places
/// of one attribute has one number, and the guard runs it once.
const fn is_only_run(requirement: &Requirement, check: &str, policy: &str, run: Run<'_>) -> bool {
    match requirement {
        Requirement::All(members) | Requirement::Any(members) => {
            every!(member in *members => is_only_run(member, check, policy, run))
        }
        Requirement::One(demand) => match (demand.parts().check, demand.parts().policy) {
            (Some(own), _) => {
                !is_same_function(own.name, check) || own.number == run.1 && text_eq(policy, run.0)
            }
            (None, Some(named)) => {
                is_only_run(&named.operation.requirement, check, named.operation.name, run)
            }
            (None, None) => true,
        },
    }
}

const fn has_constants(name: &str) -> bool {
    matches!(name.as_bytes(), [.., b')'])
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

    const POST: Requirement = check(0, "load(Kind::Post)");
    const OF_POST: &Operation = &Operation::new("of post", POST);

    #[test]
    fn a_check_with_constants_runs_once() {
        for (requirement, is_unique) in const {
            [
                (POST, true),
                (All(&[check(0, "load"), policy(1, LOADS)]), true),
                (Any(&[All(&[POST, role("r")]), All(&[POST, role("s")])]), true),
                (All(&[POST, check(1, "other(Kind::Post)")]), true),
                (policy(0, OF_POST), true),
                (Any(&[POST, check(1, "load(Kind::Draft)")]), false),
                (All(&[role("r"), POST, policy(1, OF_POST)]), false),
                (All(&[policy(0, OF_POST), check(1, "a::load(Kind::Post)")]), false),
            ]
        } {
            let run = first_run(&requirement, "load", "");
            let is_only = run.is_none_or(|run| is_only_run(&requirement, "load", "", run));
            assert_eq!(is_only, is_unique, "{requirement:?}");
        }
    }

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
