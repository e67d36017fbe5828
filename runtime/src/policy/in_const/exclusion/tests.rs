//! Tests of `excludes` with fixed cases and with a property: no token satisfies two requirements
//! that exclude each other, for any results of the checks.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::policy::demand::tests::{SAMPLES, claims};
use crate::policy::evaluation::tests::{now, token};
use crate::policy::test_requirements::{acr, check, claim, client, issuer, policy, role, scope};
use crate::policy::{Answers, ClaimValue, Facts, Operation, Verdict, judge};
use Requirement::{All, Any};

const YES: Requirement = claim(&["truth"], ClaimValue::Bool(true));
const NO: Requirement = claim(&["truth"], ClaimValue::Bool(false));
const OF_A: &Operation = &Operation::new("of a", All(&[client("a"), check(0, "own")]));
const OF_A_OR_B: &Operation =
    &Operation::new("of a or b", Any(&[policy(0, OF_A), All(&[client("b")])]));
const NOBODY: &Operation = &Operation::new("nobody", Any(&[]));

#[test]
fn requirements_exclude_each_other_if_no_token_satisfies_both() {
    for (this, other) in const {
        [
            (client("a"), client("b")),
            (acr("a"), acr("b")),
            (issuer("acme"), issuer("other")),
            (issuer("acme"), issuer("https://id.example.com")),
            (issuer("fusion"), issuer("acme.example.com")),
            (client("a"), Any(&[client("b"), client("c")])),
            (client("a"), All(&[scope("s"), client("b")])),
            (client("a"), Any(&[All(&[scope("s"), client("b")])])),
            (Any(&[client("a"), client("b")]), Any(&[client("c"), client("d")])),
            (All(&[client("a"), acr("a")]), Any(&[client("b"), acr("b")])),
            (All(&[client("a"), acr("a")]), All(&[role("r"), Any(&[client("b"), acr("b")])])),
            (client("b"), policy(0, OF_A)),
            (client("c"), policy(1, OF_A_OR_B)),
            (All(&[role("r"), client("b")]), policy(0, OF_A)),
        ]
    } {
        assert!(excludes(&this, &other), "{this:?} excludes {other:?}");
        assert!(excludes(&other, &this), "{other:?} excludes {this:?}");
    }
    for (this, other) in const {
        [
            (client("a"), client("a")),
            (client("a"), acr("b")),
            (scope("a"), scope("b")),
            (role("a"), role("b")),
            (YES, NO),
            (client("a"), Any(&[client("b"), client("a")])),
            (client("a"), Any(&[client("b"), role("r")])),
            (client("b"), policy(1, OF_A_OR_B)),
            (policy(0, OF_A), policy(1, OF_A_OR_B)),
            (client("a"), policy(2, NOBODY)),
            (client("a"), All(&[])),
        ]
    } {
        assert!(!excludes(&this, &other), "{this:?} and {other:?}");
        assert!(!excludes(&other, &this), "{other:?} and {this:?}");
    }
}

#[test]
fn an_excluded_case_is_reported_unless_its_whole_group_is_excluded() {
    const CASES: Requirement = Any(&[client("b"), client("c")]);
    let is_reported = |within, other: &Requirement| {
        let others = [(&role("r"), ""), (other, "excluded")];
        std::panic::catch_unwind(|| possible(&client("b"), within, &others)).is_err()
    };
    assert!(is_reported(None, &client("a")));
    assert!(!is_reported(None, &client("b")));
    assert!(is_reported(Some(&CASES), &client("c")));
    assert!(!is_reported(Some(&CASES), &policy(0, OF_A)));
}

/// Returns true if `judge` grants the request for at least one combination of results of the
/// checks.
fn is_possible(requirement: &Requirement, claims: &Value) -> bool {
    let facts = Facts { token: &token(claims), now: now() };
    !matches!(judge(requirement, &facts, Answers::default()), Verdict::Refuse(_))
}

/// Generates the claims of some samples, often with a client and an authentication class from the
/// cases in this file.
fn tokens() -> impl Strategy<Value = Value> {
    let single = |values: Vec<Value>| prop::option::of(prop::sample::select(values));
    let client = single(vec![json!("a"), json!("b"), json!("c")]);
    let acr = single(vec![json!("a"), json!("b"), json!(["a", "b"])]);
    (claims(), client, acr).prop_map(|(mut claims, client, acr)| {
        let more = [("client_id", client), ("acr", acr)];
        for (name, value) in more.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            claims[name] = value;
        }
        claims
    })
}

/// Generates requirements from a small set of demands, so that two random requirements often
/// exclude each other.
fn requirement() -> impl Strategy<Value = Requirement> {
    const LEAVES: &[Requirement] = &[
        client("a"),
        client("b"),
        acr("a"),
        acr("b"),
        issuer("acme"),
        issuer("other"),
        issuer("https://id.example.com"),
        policy(1, OF_A),
        policy(2, OF_A_OR_B),
        policy(3, NOBODY),
    ];
    let samples: Vec<_> = SAMPLES.iter().copied().map(Requirement::One).collect();
    let leaf = prop::sample::select([LEAVES, LEAVES, &samples].concat());
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
    fn no_token_satisfies_requirements_that_exclude_each_other(
        this in requirement(),
        other in requirement(),
        tokens in prop::collection::vec(tokens(), 16),
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
