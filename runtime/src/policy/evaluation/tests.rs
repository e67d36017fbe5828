//! Tests that compare `judge` with a simple model for random requirements and tokens. The model
//! knows the results of all checks in advance.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use std::time::{Duration, SystemTime};

use super::*;
use crate::identity::AccessToken;
use crate::policy::ClaimValue;
use crate::policy::test_requirements::{
    acr, check, claim, client, declared, details, issuer, max_age, policy, proof, role, scope,
};
use crate::policy::{Demand, DetailsDemand, DetailsMember, Operation, ScopeEntry};
use crate::possession::{Binding, Proof};
use crate::token::{ClaimPositions, Profile, Provider, Registered, Rules};

pub(in crate::policy) const NOW: u64 = 1_700_000_000;

pub(crate) fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(NOW)
}

/// Creates a verified token that has these claims in addition to `iss`, `aud` and `exp`. The request
/// has presented the proofs of the keys to which the token is bound.
pub(crate) fn token(claims: &Value) -> AccessToken {
    readable_token(claims).unwrap()
}

/// Creates the same token as [`token`], or returns `None` if a claim has the wrong type.
pub(in crate::policy) fn readable_token(claims: &Value) -> Option<AccessToken> {
    let mut all = json!({"iss": "https://id.example.com", "aud": "api", "exp": NOW + 60});
    all.as_object_mut().unwrap().extend(claims.as_object().cloned().unwrap());
    let claims = crate::json::object(all.to_string().as_bytes()).unwrap();
    let rules = Arc::new(Rules {
        issuer_name: Some("acme".into()),
        audiences: vec!["api".to_owned()],
        locations: vec!["https://api.example.com".to_owned()],
        profile: Profile::Jwt,
        dialect: Provider::Standard.dialect(),
        leeway: Duration::ZERO,

        accepts_dpop: true,
        required_binding: crate::possession::RequiredBinding::default(),
    });
    let found = ClaimPositions::of(&claims);
    let registered = Registered::read(&claims, &found, &rules.dialect).ok()?;
    let mut token = AccessToken::of_jwt(claims, &found, registered, &rules, None).ok()?;
    token.set_proofs(token.binding().map(Binding::presented_by_holder).unwrap_or_default());
    Some(token)
}

fn verdict(requirement: Requirement, claims: &Value) -> Verdict {
    let token = token(claims);
    let facts = Facts { token: &token, now: now() };
    without_allocation(|| judge(&requirement, &facts, Answers::default()))
}

/// Calls `judge` and asserts that the call does not allocate.
fn without_allocation<T>(judge: impl FnOnce() -> T) -> T {
    let mut verdict = None;
    let used = allocation_counter::measure(|| verdict = Some(judge()));
    assert_eq!(used.count_total, 0);
    verdict.unwrap()
}

#[test]
fn each_demand_is_compared_exactly() {
    use Lack::{Authentication, Authorization};
    let read = declared(ScopeEntry::new("read", "", &["write", "admin"]));
    let text = |path| claim(path, ClaimValue::Text("x"));
    let cases = [
        (scope("read"), json!({"scope": "read"}), None),
        (scope("read"), json!({"scope": "write"}), Some(Authorization)),
        (scope("read"), json!({"scope": "Read reader rea"}), Some(Authorization)),
        (read, json!({"scope": "admin"}), None),
        (read, json!({"scope": "administrator"}), Some(Authorization)),
        (role("r"), json!({"roles": ["q", "r"]}), None),
        (role("r"), json!({"roles": "r"}), None),
        (role("r"), json!({"roles": "r q"}), Some(Authorization)),
        (role("r"), json!({"roles": {"r": {}, "q": false}}), None),
        (role("q"), json!({"roles": {"r": {}, "q": false}}), Some(Authorization)),
        (role("r"), json!({"roles": [["r"]]}), Some(Authorization)),
        (role("r"), json!({"groups": ["r"]}), Some(Authorization)),
        (text(&["a"]), json!({"a": "x"}), None),
        (text(&["a"]), json!({"a": ["w", "x"]}), None),
        (text(&["a"]), json!({"a": [["x"]]}), Some(Authorization)),
        (text(&["a"]), json!({"a": "X"}), Some(Authorization)),
        (text(&["a"]), json!({"a": null}), Some(Authorization)),
        (text(&["a", "b"]), json!({"a": {"b": "x"}}), None),
        (text(&["a", "b"]), json!({"a.b": "x"}), Some(Authorization)),
        (text(&["a", "0"]), json!({"a": ["x"]}), Some(Authorization)),
        (text(&["https://x.y/z"]), json!({"https://x.y/z": "x"}), None),
        (text(&[]), json!({"": "x"}), Some(Authorization)),
        (claim(&["n"], ClaimValue::Integer(3)), json!({"n": 3}), None),
        (claim(&["n"], ClaimValue::Integer(3)), json!({"n": 3.0}), Some(Authorization)),
        (claim(&["n"], ClaimValue::Integer(3)), json!({"n": "3"}), Some(Authorization)),
        (claim(&["b"], ClaimValue::Bool(true)), json!({"b": true}), None),
        (claim(&["b"], ClaimValue::Bool(true)), json!({"b": 1}), Some(Authorization)),
        (client("web"), json!({"client_id": "web"}), None),
        (client("web"), json!({"client_id": "web2"}), Some(Authorization)),
        (client("web"), json!({}), Some(Authorization)),
        (issuer("acme"), json!({}), None),
        (issuer("https://id.example.com"), json!({}), Some(Authorization)),
        (issuer("other"), json!({}), Some(Authorization)),
        (acr("gold"), json!({"acr": "gold"}), None),
        (acr("gold"), json!({"acr": "silver"}), Some(Authentication)),
        (acr("gold"), json!({"acr": ["gold"]}), Some(Authentication)),
        (acr("gold"), json!({}), Some(Authentication)),
        (max_age(60), json!({"auth_time": NOW - 60}), None),
        (max_age(60), json!({"auth_time": NOW - 61}), Some(Authentication)),
        (max_age(60), json!({"auth_time": NOW + 30}), None),
        (max_age(60), json!({"auth_time": NOW + 3600}), Some(Authentication)),
        (max_age(60), json!({"auth_time": NOW.to_string()}), Some(Authentication)),
        (max_age(60), json!({"auth_time": -1}), Some(Authentication)),
        (max_age(60), json!({"iat": NOW}), Some(Authentication)),
    ];
    for (requirement, claims, lack) in cases {
        let expected = lack.map_or(Verdict::Grant, Verdict::Refuse);
        assert_eq!(verdict(requirement, &claims), expected, "{requirement:?} {claims}");
    }
}

#[test]
fn one_object_for_this_api_has_all_demanded_details() {
    use DetailsMember::{Actions, Datatypes, Identifier, Locations, Privileges};
    const T: Requirement = details(DetailsDemand::new("t", &[]));
    const A: Requirement = details(DetailsDemand::new("t", &[(Actions, "a")]));
    const AB: Requirement = details(DetailsDemand::new("t", &[(Actions, "a"), (Actions, "b")]));
    const AI: Requirement = details(DetailsDemand::new("t", &[(Actions, "a"), (Identifier, "i")]));
    const REST: Requirement =
        details(DetailsDemand::new("t", &[(Datatypes, "d"), (Privileges, "p")]));
    const HERE: Requirement = details(DetailsDemand::new("t", &[(Locations, "api")]));
    let cases = [
        (T, json!([{"type": "t"}]), true),
        (T, json!([{"type": "u"}, {"type": "t", "amount": {"type": "x"}}]), true),
        (T, json!([]), false),
        (T, json!(null), false),
        (T, json!([{"type": "u"}]), false),
        (T, json!([{"type": "T"}]), false),
        (T, json!([{"type": "t "}]), false),
        (T, json!([{"type": "u", "more": [{"type": "t"}]}]), false),
        (A, json!([{"type": "t", "actions": ["a"]}]), true),
        (A, json!([{"type": "t", "actions": ["b", "a"]}]), true),
        (A, json!([{"type": "t"}]), false),
        (A, json!([{"type": "t", "actions": "a"}]), false),
        (A, json!([{"type": "t", "actions": [["a"]]}]), false),
        (A, json!([{"type": "t", "actions": {"a": true}}]), false),
        (A, json!([{"type": "t", "actions": ["A", "ab", "a\u{301}"]}]), false),
        (A, json!([{"type": "u", "actions": ["a"]}]), false),
        (A, json!([{"type": "u", "actions": ["a"]}, {"type": "t", "actions": ["b"]}]), false),
        (AB, json!([{"type": "t", "actions": ["b", "a", "c"]}]), true),
        (AB, json!([{"type": "t", "actions": ["a"]}, {"type": "t", "actions": ["b"]}]), false),
        (AI, json!([{"type": "t", "actions": ["a"], "identifier": "i"}]), true),
        (AI, json!([{"type": "t", "actions": ["a"], "identifier": ["i"]}]), false),
        (AI, json!([{"type": "t", "actions": ["a"]}, {"type": "t", "identifier": "i"}]), false),
        (REST, json!([{"type": "t", "datatypes": ["d"], "privileges": ["p", "q"]}]), true),
        (REST, json!([{"type": "t", "datatypes": ["d"], "privilege": ["p"]}]), false),
        (A, json!([{"type": "t", "actions": ["a"], "locations": ["api"]}]), true),
        (A, json!([{"type": "t", "actions": ["a"], "locations": ["x", "api"]}]), true),
        (
            A,
            json!([{"type": "t", "actions": ["a"], "locations": ["https://api.example.com"]}]),
            true,
        ),
        (
            A,
            json!([{"type": "t", "actions": ["a"], "locations": ["https://api.example.com/"]}]),
            false,
        ),
        (A, json!([{"type": "t", "actions": ["a"], "locations": ["x"]}]), false),
        (A, json!([{"type": "t", "actions": ["a"], "locations": []}]), false),
        (A, json!([{"type": "t", "actions": ["a"], "locations": null}]), false),
        (A, json!([{"type": "t", "actions": ["a"], "locations": "api"}]), false),
        (
            A,
            json!([{"type": "t", "actions": ["a"], "locations": ["x"]}, {"type": "t", "locations": ["api"]}]),
            false,
        ),
        (HERE, json!([{"type": "t", "locations": ["api"]}]), true),
        (HERE, json!([{"type": "t"}]), false),
    ];
    for (requirement, objects, is_satisfied) in cases {
        let expected =
            if is_satisfied { Verdict::Grant } else { Verdict::Refuse(Lack::Authorization) };
        let claims = json!({"authorization_details": objects});
        assert_eq!(verdict(requirement, &claims), expected, "{requirement} {claims}");
    }
}

#[test]
fn a_proof_is_demanded_of_a_token_that_is_bound() {
    use Requirement::{All, Any};
    const DPOP: Requirement = proof(Proof::Dpop);
    const MTLS: Requirement = proof(Proof::Mtls);
    const BOTH: Requirement = All(&[DPOP, MTLS]);
    const EITHER: Requirement = Any(&[DPOP, MTLS]);
    const SCOPED: Requirement = All(&[DPOP, scope("a")]);
    const RECENT: Requirement = All(&[DPOP, acr("gold")]);
    let digest = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let unbound = json!({});
    let jkt = json!({"cnf": {"jkt": digest}});
    let x5t = json!({"cnf": {"x5t#S256": digest}});
    let both = json!({"cnf": {"jkt": digest, "x5t#S256": digest}});
    let refused = Verdict::Refuse(Lack::Proof);
    for (requirement, claims, expected) in [
        (DPOP, &unbound, refused),
        (DPOP, &jkt, Verdict::Grant),
        (DPOP, &x5t, refused),
        (MTLS, &jkt, refused),
        (MTLS, &x5t, Verdict::Grant),
        (BOTH, &jkt, refused),
        (BOTH, &x5t, refused),
        (BOTH, &both, Verdict::Grant),
        (EITHER, &unbound, refused),
        (EITHER, &jkt, Verdict::Grant),
        (EITHER, &x5t, Verdict::Grant),
        (SCOPED, &unbound, Verdict::Refuse(Lack::Authorization)),
        (SCOPED, &jkt, Verdict::Refuse(Lack::Authorization)),
        (RECENT, &unbound, refused),
        (RECENT, &jkt, Verdict::Refuse(Lack::Authentication)),
        (Any(const { &[DPOP, acr("gold")] }), &unbound, Verdict::Refuse(Lack::Authentication)),
        (Any(const { &[DPOP, scope("a")] }), &unbound, refused),
        (All(&[]), &both, Verdict::Grant),
    ] {
        assert_eq!(verdict(requirement, claims), expected, "{requirement} {claims}");
    }
}

#[test]
fn a_stronger_authentication_is_requested_only_if_it_would_suffice() {
    use Requirement::{All, Any};
    const CASES: &[(Requirement, Lack)] = &[
        (All(&[scope("a"), acr("gold")]), Lack::Authentication),
        (All(&[scope("b"), acr("gold")]), Lack::Authorization),
        (Any(&[scope("b"), acr("gold")]), Lack::Authentication),
        (Any(&[scope("b"), All(&[scope("c"), acr("gold")])]), Lack::Authorization),
        (Any(&[]), Lack::Authorization),
    ];
    for (requirement, lack) in CASES {
        let verdict = verdict(*requirement, &json!({"scope": "a"}));
        assert_eq!(verdict, Verdict::Refuse(*lack), "{requirement:?}");
    }
}

/// Generates requirements with up to three scopes, three checks and a named policy. Leaks the
/// members of the requirements, because members must be `'static`.
fn requirement() -> impl Strategy<Value = Requirement> {
    const NAMED: &Operation =
        &Operation::new("named", Requirement::All(&[scope("a"), check(0, "its own")]));
    let leaf = prop_oneof![
        prop::sample::select(vec!["a", "b", "c"]).prop_map(scope),
        (0usize..3).prop_map(|index| check(index, "check")),
        Just(policy(3, NAMED)),
        Just(acr("gold")),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let members = prop::collection::vec(inner, 0..4);
        (members, any::<bool>()).prop_map(|(members, all)| {
            let members: &'static [Requirement] = members.leak();
            if all { Requirement::All(members) } else { Requirement::Any(members) }
        })
    })
}

/// Evaluates a requirement by the simple model. `checks` contains the results of the checks by
/// number; the last result belongs to the check of the named policy.
fn model(requirement: &Requirement, scopes: &[&str], gold: bool, checks: [bool; 4]) -> bool {
    match requirement {
        Requirement::All(members) => members.iter().all(|one| model(one, scopes, gold, checks)),
        Requirement::Any(members) => members.iter().any(|one| model(one, scopes, gold, checks)),
        Requirement::One(Demand::Scope(scope)) => scopes.contains(scope),
        Requirement::One(Demand::Acr(_)) => gold,
        Requirement::One(Demand::Check(check)) => checks[check.number],
        Requirement::One(Demand::Policy(_)) => scopes.contains(&"a") && checks[3],
        other => panic!("{other:?}"),
    }
}

proptest! {
    #[test]
    fn the_evaluation_agrees_with_the_model(
        requirement in requirement(),
        scopes in prop::sample::subsequence(vec!["a", "b", "c"], 0..=3),
        gold: bool,
        checks: [bool; 4],
    ) {
        let acr = if gold { "gold" } else { "silver" };
        let token = token(&json!({"scope": scopes.join(" "), "acr": acr}));
        let facts = Facts { token: &token, now: now() };
        let mut answers = Answers::default();
        let mut asked = Vec::new();
        let granted = loop {
            match without_allocation(|| judge(&requirement, &facts, answers)) {
                Verdict::Grant => break true,
                Verdict::Refuse(_) => break false,
                Verdict::Ask(index) => {
                    prop_assert!(!asked.contains(&index), "asked twice");
                    asked.push(index);
                    answers.note(index, checks[index]);
                }
            }
        };
        prop_assert_eq!(granted, model(&requirement, &scopes, gold, checks));

        let mut every = (0..16u8).map(|bits| [0, 1, 2, 3].map(|bit| bits >> bit & 1 == 1));
        if every.all(|checks| model(&requirement, &scopes, gold, checks) == granted) {
            prop_assert!(asked.is_empty(), "asked needlessly: {asked:?}");
        }
    }
}
