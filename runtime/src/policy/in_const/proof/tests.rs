//! Tests of `demands` with policies that a requirement names, policies that a requirement implies,
//! and policies that a requirement does not demand.

use super::*;
use crate::policy::ScopeEntry;
use crate::policy::test_requirements::{check, declared, policy, role, scope};
use Requirement::{All, Any};

const READ: Requirement = declared(ScopeEntry::new("read", "", &["write"]));

/// A policy that a requirement can demand only by name, because no other requirement contains its
/// check.
const OWNS: &Operation = &Operation::new("owns", All(&[READ, check(0, "owns")]));
const READS: &Operation = &Operation::new("reads", READ);
const BOTH: &Operation = &Operation::new("both", All(&[policy(0, OWNS), role("r")]));
const OTHER: &Operation = &Operation::new("owns2", OWNS.requirement);

#[test]
fn a_policy_is_demanded_by_name_or_by_content() {
    for (requirement, policy) in const {
        [
            (policy(0, OWNS), OWNS),
            (All(&[role("r"), policy(3, OWNS)]), OWNS),
            (Any(&[policy(0, OWNS), All(&[scope("x"), policy(0, BOTH)])]), OWNS),
            (policy(0, BOTH), OWNS),
            (policy(0, OWNS), READS),
            (READ, READS),
            (scope("write"), READS),
            (Any(&[policy(0, READS), scope("write")]), READS),
            (Any(&[]), OWNS),
        ]
    } {
        assert!(demands(&requirement, policy), "{requirement:?}: {policy:?}");
    }
    for (requirement, policy) in const {
        [
            (All(&[]), READS),
            (scope("x"), READS),
            (Any(&[policy(0, OWNS), role("r")]), OWNS),
            (OWNS.requirement, OWNS),
            (policy(0, OTHER), OWNS),
            (policy(0, READS), OWNS),
            (policy(0, OWNS), BOTH),
        ]
    } {
        assert!(!demands(&requirement, policy), "{requirement:?}: {policy:?}");
    }
}
