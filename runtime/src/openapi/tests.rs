//! Tests that compare documents with guards. A simple interpreter of `security` follows the rules
//! of OpenAPI and must admit exactly the tokens that the guard admits.

use std::panic::catch_unwind;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::json_document::describe;
use crate::policy::evaluation::tests::{now, token};
use crate::policy::in_const::written_security::agrees;
use crate::policy::test_requirements::{check, declared, policy, proof, role, scope};
use crate::policy::{Answers, Facts, Operation, Requirement, ScopeEntry, Verdict, judge};
use crate::possession::{Proof, Proofs};
use crate::router::Access;

const SCOPES: [&str; 4] = ["a", "b", "c", "d"];

/// Generates requirements from four scopes, some of which imply other scopes, and from demands that
/// every token in these tests satisfies. Leaks the members of the requirements, because members
/// must be `'static`.
fn requirement() -> impl Strategy<Value = Requirement> {
    const NAMED: &Operation = &Operation::new("named", Requirement::Any(&[scope("b"), scope("d")]));
    let leaf = prop_oneof![
        4 => prop::sample::select(SCOPES.to_vec()).prop_map(scope),
        2 => Just(declared(ScopeEntry::new("a", "", &["b", "c"]))),
        1 => Just(declared(ScopeEntry::new("c", "", &[]))),
        1 => Just(role("r")),
        1 => Just(proof(Proof::Dpop)),
        1 => Just(proof(Proof::Mtls)),
        1 => Just(check(0, "check")),
        1 => Just(policy(1, NAMED)),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let members = prop::collection::vec(inner, 1..4);
        (members, any::<bool>()).prop_map(|(members, all)| {
            let members: &'static [Requirement] = members.leak();
            if all { Requirement::All(members) } else { Requirement::Any(members) }
        })
    })
}

fn grants(requirement: &Requirement, scopes: &[&str], proofs: Proofs) -> bool {
    let mut token = token(&json!({"scope": scopes.join(" "), "roles": ["r"]}));
    token.set_proofs(proofs);
    let facts = Facts { token: &token, now: now() };
    let mut answers = Answers::default();
    answers.note(0, true);
    answers.note(1, scopes.contains(&"b") || scopes.contains(&"d"));
    judge(requirement, &facts, answers) == Verdict::Grant
}

/// Returns true if a token with these scopes and proofs satisfies `security`. OpenAPI 3.1 says about the
/// Operation Object: "Only one of the Security Requirement Objects need to be satisfied". To
/// satisfy a Security Requirement Object, a token must satisfy all its schemes with all their
/// scopes.
fn admits(security: &Value, scopes: &[&str], proofs: Proofs) -> bool {
    let alternatives = security.as_array().unwrap();
    alternatives.is_empty()
        || alternatives.iter().any(|alternative| {
            alternative.as_object().unwrap().iter().all(|(scheme, needed)| {
                let has_proof = match scheme.as_str() {
                    "DPoP" => proofs.dpop,
                    "mutualTLS" => proofs.mtls,
                    _ => true,
                };
                let mut needed = needed.as_array().unwrap().iter();
                has_proof && needed.all(|scope| scopes.contains(&scope.as_str().unwrap()))
            })
        })
}

/// A request that presents every proof.
const EVERY: Proofs = Proofs { dpop: true, mtls: true };

fn described(requirement: Requirement) -> Map<String, Value> {
    let mut operation = Map::new();
    let access = Access::Protected(Operation::new("operation", requirement));
    assert!(describe(&mut operation, &access));
    operation
}

proptest! {
    #[test]
    fn the_document_admits_exactly_the_tokens_that_the_guard_admits(
        requirement in requirement(),
        scopes in prop::sample::subsequence(SCOPES.to_vec(), 0..=4),
        (dpop, mtls) in any::<(bool, bool)>(),
    ) {
        let operation = described(requirement);
        let proofs = Proofs { dpop, mtls };
        let is_admitted = admits(&operation["security"], &scopes, proofs);
        prop_assert_eq!(is_admitted, grants(&requirement, &scopes, proofs));
        // The assertion checks that no alternative contains another alternative.
        let alternatives = operation["security"].as_array().unwrap();
        prop_assert!(!alternatives.is_empty());
        let needed = (0..alternatives.len()).all(|index| {
            let mut fewer = alternatives.clone();
            let one = fewer.remove(index);
            let members = one.as_object().unwrap().values().flat_map(|one| one.as_array().unwrap());
            let scopes: Vec<_> = members.filter_map(Value::as_str).collect();
            let proofs = Proofs { dpop: one.get("DPoP").is_some(), mtls: one.get("mutualTLS").is_some() };
            fewer.is_empty() || !admits(&Value::Array(fewer), &scopes, proofs)
        });
        prop_assert!(needed, "{:?}", alternatives);
    }

    #[test]
    fn a_written_security_agrees_if_it_admits_the_same_scopes(
        requirement in requirement(),
        written in prop::collection::vec(prop::sample::subsequence(SCOPES.to_vec(), 0..=3), 1..4),
    ) {
        let sets: Vec<&[&str]> = written.iter().map(Vec::as_slice).collect();
        let security = json!(written.iter().map(|scopes| json!({"mine": scopes})).collect::<Vec<_>>());
        let every = (0..16_u8).map(|bits| {
            let held = SCOPES.iter().enumerate().filter(|(index, _)| bits >> index & 1 == 1);
            held.map(|(_, scope)| *scope).collect::<Vec<_>>()
        });
        let same = every.clone().all(|scopes| admits(&security, &scopes, EVERY) == grants(&requirement, &scopes, EVERY));
        let does_agree = catch_unwind(|| agrees(&requirement, &sets)).is_ok();
        prop_assert_eq!(does_agree, same);
    }
}

#[test]
fn too_many_alternatives_are_described_as_text_only() {
    // The requirement has 2 to the power of 7 alternatives, which is more than `LIMIT`.
    let pairs: [[&str; 2]; 7] = [
        ["a0", "a1"],
        ["b0", "b1"],
        ["c0", "c1"],
        ["d0", "d1"],
        ["e0", "e1"],
        ["f0", "f1"],
        ["g0", "g1"],
    ];
    let either = pairs.map(|pair| Requirement::Any(pair.map(scope).to_vec().leak()));
    let operation = described(Requirement::All(either.to_vec().leak()));
    assert_eq!(operation["security"], json!([{"oauth2": []}]));
    let note = operation["description"].as_str().unwrap();
    assert!(note.starts_with("Requires (scope `a0` or scope `a1`) and "), "{note}");

    let unsatisfiable = described(Requirement::Any(&[]));
    assert_eq!(unsatisfiable["security"], json!([{"oauth2": []}]));
    assert_eq!(unsatisfiable["description"], "Requires something that no token has.");
}
