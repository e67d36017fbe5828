//! What is demanded by name, what by what it says, and what is not.

use super::*;
use crate::policy::ScopeEntry;
use Requirement::{All, Any, Check, Declared, Named, Role, Scope};

const READ: Requirement = Declared(ScopeEntry::new("read", "", &["write"]));

/// Only its name says that it is demanded, as nobody else has its check.
const OWNS: &Operation = &Operation::new("owns", All(&[READ, Check(0, "owns")]));
const READS: &Operation = &Operation::new("reads", READ);
const BOTH: &Operation = &Operation::new("both", All(&[Named(0, OWNS), Role("r")]));
const OTHER: &Operation = &Operation::new("owns2", OWNS.requirement);

#[test]
fn what_demands_a_policy() {
    for (requirement, policy) in [
        (Named(0, OWNS), OWNS),
        (All(&[Role("r"), Named(3, OWNS)]), OWNS),
        (
            Any(&[Named(0, OWNS), All(&[Scope("x"), Named(0, BOTH)])]),
            OWNS,
        ),
        (Named(0, BOTH), OWNS),
        (Named(0, OWNS), READS),
        (READ, READS),
        (Scope("write"), READS),
        (Any(&[Named(0, READS), Scope("write")]), READS),
        (Any(&[]), OWNS),
    ] {
        assert!(demands(&requirement, policy), "{requirement:?}: {policy:?}");
    }
    for (requirement, policy) in [
        (All(&[]), READS),
        (Scope("x"), READS),
        (Any(&[Named(0, OWNS), Role("r")]), OWNS),
        (OWNS.requirement, OWNS),
        (Named(0, OTHER), OWNS),
        (Named(0, READS), OWNS),
        (Named(0, OWNS), BOTH),
    ] {
        assert!(
            !demands(&requirement, policy),
            "{requirement:?}: {policy:?}"
        );
    }
}
