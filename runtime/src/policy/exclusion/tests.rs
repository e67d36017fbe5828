//! What excludes what by the book, and that no exclusion lies: no token satisfies both, whatever
//! the checks say.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::policy::evaluation::tests::{now, token};
use crate::policy::{Answers, ClaimValue, Facts, Operation, Verdict, judge};
use Requirement::{Acr, All, Any, Check, Claim, Client, Issuer, Named, Role, Scope};

const IDENTIFIER: &str = "https://id.example.com";
const OF_A: &Operation = &Operation::new("of a", All(&[Client("a"), Check(0, "own")]));
const OF_A_OR_B: &Operation =
    &Operation::new("of a or b", Any(&[Named(0, OF_A), All(&[Client("b")])]));
const NOBODY: &Operation = &Operation::new("nobody", Any(&[]));

#[test]
fn what_excludes_what() {
    for (this, other) in [
        (Client("a"), Client("b")),
        (Acr("a"), Acr("b")),
        (Issuer("acme"), Issuer("other")),
        (Client("a"), Any(&[Client("b"), Client("c")])),
        (Client("a"), All(&[Scope("s"), Client("b")])),
        (Client("a"), Any(&[All(&[Scope("s"), Client("b")])])),
        (
            Any(&[Client("a"), Client("b")]),
            Any(&[Client("c"), Client("d")]),
        ),
        (All(&[Client("a"), Acr("a")]), Any(&[Client("b"), Acr("b")])),
        (
            All(&[Client("a"), Acr("a")]),
            All(&[Role("r"), Any(&[Client("b"), Acr("b")])]),
        ),
        (Client("b"), Named(0, OF_A)),
        (Client("c"), Named(1, OF_A_OR_B)),
        (All(&[Role("r"), Client("b")]), Named(0, OF_A)),
    ] {
        assert!(excludes(&this, &other), "{this:?} excludes {other:?}");
        assert!(excludes(&other, &this), "{other:?} excludes {this:?}");
    }
    let claim = |truth| Claim(&["a"], ClaimValue::Bool(truth));
    for (this, other) in [
        (Client("a"), Client("a")),
        (Client("a"), Acr("b")),
        (Scope("a"), Scope("b")),
        (Role("a"), Role("b")),
        (Issuer("acme"), Issuer(IDENTIFIER)),
        (Issuer("http://[::1]"), Issuer(IDENTIFIER)),
        (claim(true), claim(false)),
        (Client("a"), Any(&[Client("b"), Client("a")])),
        (Client("a"), Any(&[Client("b"), Role("r")])),
        (Client("b"), Named(1, OF_A_OR_B)),
        (Named(0, OF_A), Named(1, OF_A_OR_B)),
        (Client("a"), Named(2, NOBODY)),
        (Client("a"), All(&[])),
    ] {
        assert!(!excludes(&this, &other), "{this:?} and {other:?}");
        assert!(!excludes(&other, &this), "{other:?} and {this:?}");
    }
}

#[test]
fn a_case_is_told_unless_what_it_is_within_is() {
    const CASES: Requirement = Any(&[Client("b"), Client("c")]);
    let told = |within, other: &Requirement| {
        let others = [(&Role("r"), ""), (other, "told")];
        std::panic::catch_unwind(|| possible(&Client("b"), within, &others)).is_err()
    };
    assert!(told(None, &Client("a")));
    assert!(!told(None, &Client("b")));
    assert!(told(Some(&CASES), &Client("c")));
    assert!(!told(Some(&CASES), &Named(0, OF_A)));
}

/// Nothing is granted that is not at least possible; what checks say is open.
fn is_possible(requirement: &Requirement, claims: &Value) -> bool {
    let facts = Facts {
        token: &token(claims),
        now: now(),
    };
    !matches!(
        judge(requirement, &facts, Answers::default()),
        Verdict::Refuse(_)
    )
}

fn claims() -> impl Strategy<Value = Value> {
    let client = prop::sample::select(vec![json!("a"), json!("b"), json!("c")]);
    let acr = prop::sample::select(vec![json!("a"), json!("b"), json!(null), json!(["a", "b"])]);
    let issuer = prop::sample::select(vec![IDENTIFIER, "https://other.example.com"]);
    let truth = prop::sample::select(vec![json!(true), json!(false), json!([true, false])]);
    (client, acr, issuer, truth).prop_map(|(client, acr, issuer, truth)| {
        json!({"client_id": client, "acr": acr, "iss": issuer, "truth": truth, "scope": "s"})
    })
}

/// A requirement of few leaves, so that two often have to do with each other.
fn requirement() -> impl Strategy<Value = Requirement> {
    const LEAVES: &[Requirement] = &[
        Client("a"),
        Client("b"),
        Acr("a"),
        Acr("b"),
        Issuer("acme"),
        Issuer("other"),
        Issuer(IDENTIFIER),
        Issuer("https://other.example.com"),
        Claim(&["truth"], ClaimValue::Bool(true)),
        Claim(&["truth"], ClaimValue::Bool(false)),
        Scope("s"),
        Check(0, "check"),
        Named(1, OF_A),
        Named(2, OF_A_OR_B),
        Named(3, NOBODY),
    ];
    let leaf = prop::sample::select(LEAVES);
    leaf.prop_recursive(3, 8, 3, |inner| {
        let members = prop::collection::vec(inner, 0..4);
        (members, any::<bool>()).prop_map(|(members, all)| {
            let members: &'static [Requirement] = members.leak();
            if all { All(members) } else { Any(members) }
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn no_exclusion_lies(
        this in requirement(),
        other in requirement(),
        tokens in prop::collection::vec(claims(), 16),
    ) {
        prop_assert_eq!(excludes(&this, &other), excludes(&other, &this));
        let excluded = excludes(&this, &other);
        for claims in tokens.iter().filter(|_| excluded) {
            prop_assert!(
                !(is_possible(&this, claims) && is_possible(&other, claims)),
                "{:?} does not exclude {:?} for {}", this, other, claims,
            );
        }
    }
}
