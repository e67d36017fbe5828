//! Tests of `implies` with fixed cases and with a property: if a requirement implies another, every
//! request that satisfies the first requirement satisfies the second, for any token and any results
//! of the checks.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::policy::demand::tests::{SAMPLES, claims};
use crate::policy::evaluation::tests::{now, token};
use crate::policy::test_requirements::{
    check, claim, client, declared, issuer, max_age, policy, role, scope,
};
use crate::policy::{Answers, ClaimValue, Facts, Operation, ScopeEntry, Verdict, judge};
use Requirement::{All, Any};

const READ: Requirement = declared(ScopeEntry::new("read", "", &["write", "admin"]));
const WRITE: Requirement = declared(ScopeEntry::new("write", "", &["admin"]));
const ADMIN: Requirement = declared(ScopeEntry::new("admin", "", &[]));

/// The policy that demands the scope `write` and a check.
const WRITES: &Operation = &Operation::new("writes", All(&[WRITE, check(0, "own")]));
/// The policy that demands the scope `read`, a check, or the policy `WRITES`.
const READS: &Operation =
    &Operation::new("reads", Any(&[READ, check(0, "own"), policy(1, WRITES)]));
const RECENT: &Operation = &Operation::new("recent", All(&[scope("read"), max_age(60)]));
const NOBODY: &Operation = &Operation::new("nobody", Any(&[]));

#[test]
fn a_requirement_implies_each_weaker_one() {
    const TENANT: Requirement = claim(&["a", "b"], ClaimValue::Text("x"));
    for (this, other) in const {
        [
            (READ, READ),
            (WRITE, READ),
            (ADMIN, READ),
            (scope("write"), READ),
            (scope("read"), READ),
            (ADMIN, scope("admin")),
            (All(&[role("r"), WRITE]), Any(&[READ, role("s")])),
            (Any(&[WRITE, ADMIN]), READ),
            (max_age(60), max_age(60)),
            (max_age(59), max_age(60)),
            (TENANT, TENANT),
            (client("c"), All(&[])),
            (check(1, "c"), Any(&[role("r"), check(1, "c")])),
            (policy(0, WRITES), READ),
            (policy(0, WRITES), policy(0, WRITES)),
            (All(&[policy(0, WRITES), role("r")]), policy(0, WRITES)),
            (policy(0, WRITES), Any(&[policy(0, WRITES), role("r")])),
            (policy(0, WRITES), policy(1, READS)),
            (READ, policy(1, READS)),
            (policy(2, RECENT), READ),
            (policy(2, RECENT), policy(3, RECENT)),
            (All(&[max_age(5), scope("read")]), policy(2, RECENT)),
            (All(&[WRITE, policy(2, RECENT)]), All(&[max_age(61), READ])),
        ]
    } {
        assert!(implies(&this, &other), "{this:?} implies {other:?}");
    }
    for (this, other) in const {
        [
            (READ, WRITE),
            (READ, scope("read")),
            (WRITE, scope("write")),
            (scope("writ"), READ),
            (scope("write2"), READ),
            (scope("r"), role("r")),
            (client("c"), issuer("c")),
            (Any(&[WRITE, role("r")]), READ),
            (max_age(61), max_age(60)),
            (TENANT, claim(&["a"], ClaimValue::Text("x"))),
            (TENANT, claim(&["a", "b"], ClaimValue::Text("y"))),
            (TENANT, claim(&["a", "b"], ClaimValue::Bool(true))),
            (check(0, "c"), check(1, "c")),
            (check(0, "own"), policy(1, READS)),
            (policy(0, WRITES), check(0, "own")),
            (policy(0, WRITES), policy(1, WRITES)),
            (policy(1, READS), READ),
            (policy(0, NOBODY), READ),
            (READ, policy(0, NOBODY)),
            (All(&[]), READ),
        ]
    } {
        assert!(!implies(&this, &other), "{this:?} does not imply {other:?}");
    }
}

#[test]
fn the_second_of_two_equal_members_is_redundant() {
    let is_redundant = |joint, before: &[Other<'_>], after: &[Other<'_>]| {
        std::panic::catch_unwind(|| needed(joint, &READ, before, after)).is_err()
    };
    for joint in [Connective::All, Connective::Any] {
        assert!(is_redundant(joint, &[(&READ, "equal")], &[]));
        assert!(!is_redundant(joint, &[], &[(&READ, "equal")]));
    }
    assert!(is_redundant(Connective::All, &[], &[(&ADMIN, "narrower")]));
    assert!(!is_redundant(Connective::Any, &[], &[(&ADMIN, "narrower")]));
    assert!(is_redundant(Connective::Any, &[(&scope("role"), ""), (&All(&[]), "broader")], &[]));
}

/// A request, described by the claims of its token and the results of the checks.
#[derive(Debug, Clone)]
struct World {
    claims: Value,
    checks: [bool; 2],
    own: [bool; 2],
}

impl World {
    fn grants(&self, requirement: &Requirement) -> bool {
        let [of_writes, of_reads] = self.own;
        let writes = self.judges(&WRITES.requirement, &[of_writes]);
        let reads = self.judges(&READS.requirement, &[of_reads, writes]);
        let recent = self.judges(&RECENT.requirement, &[]);
        let [first, second] = self.checks;
        self.judges(requirement, &[first, second, writes, reads, recent])
    }

    fn judges(&self, requirement: &Requirement, checks: &[bool]) -> bool {
        let mut answers = Answers::default();
        for (index, answer) in checks.iter().enumerate() {
            answers.note(index, *answer);
        }
        let facts = Facts { token: &token(&self.claims), now: now() };
        judge(requirement, &facts, answers) == Verdict::Grant
    }
}

fn world() -> impl Strategy<Value = World> {
    // The claims of the samples never contain the scope that implies the other scopes.
    let admin = (claims(), any::<bool>()).prop_map(|(mut claims, is_admin)| {
        if is_admin {
            claims["scope"] = json!("admin");
        }
        claims
    });
    (admin, any::<[bool; 2]>(), any::<[bool; 2]>()).prop_map(|(claims, checks, own)| World {
        claims,
        checks,
        own,
    })
}

/// Generates requirements from a small set of demands, so that one of two random requirements often
/// implies the other.
fn requirement() -> impl Strategy<Value = Requirement> {
    const LEAVES: &[Requirement] = &[
        ADMIN,
        check(0, "check"),
        check(1, "check"),
        policy(2, WRITES),
        policy(3, READS),
        policy(4, RECENT),
    ];
    // This test skips the samples of checks and policies, because their numbers refer to other
    // checks and policies than the numbers in `LEAVES`.
    let samples = SAMPLES.iter().copied().filter(|demand| demand.number().is_none());
    let samples: Vec<_> = samples.map(Requirement::One).collect();
    let leaf = prop::sample::select([LEAVES, &samples].concat());
    leaf.prop_recursive(3, 8, 3, |inner| {
        let members = prop::collection::vec(inner, 1..4);
        (members, any::<bool>()).prop_map(|(members, all)| {
            let members: &'static [Requirement] = members.leak();
            if all { All(members) } else { Any(members) }
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn a_request_that_satisfies_a_requirement_satisfies_all_that_it_implies(
        this in requirement(),
        other in requirement(),
        worlds in prop::collection::vec(world(), 16),
    ) {
        let implied = implies(&this, &other);
        for world in worlds.into_iter().filter(|_| implied) {
            prop_assert!(
                !world.grants(&this) || world.grants(&other),
                "{:?} does not imply {:?} in {:?}", this, other, world,
            );
        }
    }
}
