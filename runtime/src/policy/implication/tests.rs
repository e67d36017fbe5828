//! What implies what by the book, and that no implication lies: what grants the one grants the
//! other, whatever the token and the checks say.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::policy::evaluation::tests::{NOW, now, token};
use crate::policy::{Answers, ClaimValue, Facts, Operation, ScopeEntry, Verdict, judge};
use Requirement::{
    Acr, All, Any, Check, Claim, Client, Declared, Issuer, MaxAge, Named, Role, Scope,
};

const READ: Requirement = Declared(ScopeEntry::new("read", "", &["write", "admin"]));
const WRITE: Requirement = Declared(ScopeEntry::new("write", "", &["admin"]));
const ADMIN: Requirement = Declared(ScopeEntry::new("admin", "", &[]));

/// `write`, and its own check.
const WRITES: &Operation = &Operation::new("writes", All(&[WRITE, Check(0, "own")]));
/// `read`, another check of its own, or the policy above.
const READS: &Operation = &Operation::new("reads", Any(&[READ, Check(0, "own"), Named(1, WRITES)]));
const RECENT: &Operation = &Operation::new("recent", All(&[Scope("read"), MaxAge(60)]));
const NOBODY: &Operation = &Operation::new("nobody", Any(&[]));

#[test]
fn what_implies_what() {
    const TENANT: Requirement = Claim(&["a", "b"], ClaimValue::Text("x"));
    for (this, other) in [
        (READ, READ),
        (WRITE, READ),
        (ADMIN, READ),
        (Scope("write"), READ),
        (Scope("read"), READ),
        (ADMIN, Scope("admin")),
        (All(&[Role("r"), WRITE]), Any(&[READ, Role("s")])),
        (Any(&[WRITE, ADMIN]), READ),
        (MaxAge(60), MaxAge(60)),
        (MaxAge(59), MaxAge(60)),
        (TENANT, TENANT),
        (Client("c"), All(&[])),
        (Check(1, "c"), Any(&[Role("r"), Check(1, "c")])),
        (Named(0, WRITES), READ),
        (Named(0, WRITES), Named(0, WRITES)),
        (All(&[Named(0, WRITES), Role("r")]), Named(0, WRITES)),
        (Named(0, WRITES), Any(&[Named(0, WRITES), Role("r")])),
        (Named(0, WRITES), Named(1, READS)),
        (READ, Named(1, READS)),
        (Named(2, RECENT), READ),
        (Named(2, RECENT), Named(3, RECENT)),
        (All(&[MaxAge(5), Scope("read")]), Named(2, RECENT)),
        (All(&[WRITE, Named(2, RECENT)]), All(&[MaxAge(61), READ])),
    ] {
        assert!(implies(&this, &other), "{this:?} implies {other:?}");
    }
    for (this, other) in [
        (READ, WRITE),
        (READ, Scope("read")),
        (WRITE, Scope("write")),
        (Scope("writ"), READ),
        (Scope("write2"), READ),
        (Scope("r"), Role("r")),
        (Client("c"), Issuer("c")),
        (Any(&[WRITE, Role("r")]), READ),
        (MaxAge(61), MaxAge(60)),
        (TENANT, Claim(&["a"], ClaimValue::Text("x"))),
        (TENANT, Claim(&["a", "b"], ClaimValue::Text("y"))),
        (TENANT, Claim(&["a", "b"], ClaimValue::Bool(true))),
        (Check(0, "c"), Check(1, "c")),
        (Check(0, "own"), Named(1, READS)),
        (Named(0, WRITES), Check(0, "own")),
        (Named(0, WRITES), Named(1, WRITES)),
        (Named(1, READS), READ),
        (Named(0, NOBODY), READ),
        (READ, Named(0, NOBODY)),
        (All(&[]), READ),
    ] {
        assert!(!implies(&this, &other), "{this:?} does not imply {other:?}");
    }
}

#[test]
fn the_first_of_two_that_are_the_same_stays() {
    let told = |joint, before: &[Other<'_>], after: &[Other<'_>]| {
        std::panic::catch_unwind(|| needed(joint, &READ, before, after)).is_err()
    };
    for joint in [Joint::All, Joint::Any] {
        assert!(told(joint, &[(&READ, "told")], &[]));
        assert!(!told(joint, &[], &[(&READ, "told")]));
    }
    assert!(told(Joint::All, &[], &[(&ADMIN, "told")]));
    assert!(!told(Joint::Any, &[], &[(&ADMIN, "told")]));
    assert!(told(
        Joint::Any,
        &[(&Scope("role"), ""), (&All(&[]), "told")],
        &[]
    ));
}

/// What a request brings: the claims of the token, and what each check says.
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

    fn judges(&self, requirement: &Requirement, said: &[bool]) -> bool {
        let mut answers = Answers::default();
        for (index, answer) in said.iter().enumerate() {
            answers.note(index, *answer);
        }
        let facts = Facts {
            token: &token(&self.claims),
            now: now(),
        };
        judge(requirement, &facts, answers) == Verdict::Grant
    }
}

fn world() -> impl Strategy<Value = World> {
    let scopes = prop::sample::subsequence(vec!["read", "write", "admin"], 0..=3);
    let roles = prop::sample::subsequence(vec!["r", "s"], 0..=2);
    let level = prop::sample::select(vec![json!(1), json!(2), json!([1, 2]), json!("1")]);
    let age = prop::sample::select(vec![0, 45, 90]);
    let claims = (scopes, roles, level, age).prop_map(|(scopes, roles, level, age)| {
        json!({"scope": scopes.join(" "), "roles": roles, "level": level, "auth_time": NOW - age})
    });
    (claims, any::<[bool; 2]>(), any::<[bool; 2]>()).prop_map(|(claims, checks, own)| World {
        claims,
        checks,
        own,
    })
}

/// A requirement of few leaves, so that two often have to do with each other.
fn requirement() -> impl Strategy<Value = Requirement> {
    const LEAVES: &[Requirement] = &[
        READ,
        WRITE,
        ADMIN,
        Scope("read"),
        Scope("write"),
        Role("r"),
        Role("s"),
        Acr("gold"),
        MaxAge(30),
        MaxAge(60),
        Claim(&["level"], ClaimValue::Integer(1)),
        Claim(&["level"], ClaimValue::Integer(2)),
        Check(0, "check"),
        Check(1, "check"),
        Named(2, WRITES),
        Named(3, READS),
        Named(4, RECENT),
    ];
    let leaf = prop::sample::select(LEAVES);
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
    fn no_implication_lies(
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
