//! Tests of all kinds of demands, with sample demands of each kind.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::Demand::{
    Acr, Check, Claim, Client, Declared, Details, Issuer, MaxAge, Policy, Proof as Proves, Role,
    Scope,
};
use super::*;
use crate::policy::details_demand::DetailsMember;
use crate::policy::evaluation::tests::{NOW, now, readable_token, token};
use crate::policy::testing::claims_for;
use crate::policy::{Operation, Requirement, Verdict, judge};

/// Defines `SAMPLES`. An invocation of the macro compiles only if every kind of demand has a
/// sample.
macro_rules! samples {
    ($($kind:pat => [$($sample:expr),+ $(,)?],)*) => {
        /// The sample demands of all kinds.
        pub(in crate::policy) const SAMPLES: &[Demand] = &[$($($sample),+),*];

        const _: fn(&Demand) = |demand| match demand {
            $($kind => {})*
        };
    };
}

samples! {
    Scope(_) => [Scope("read"), Scope("write")],
    Declared(_) => [
        Declared(ScopeEntry::new("read", "", &["write", "admin"])),
        Declared(ScopeEntry::new("write", "", &["admin"])),
    ],
    Role(_) => [Role("r"), Role("s")],
    Claim(..) => [
        Claim(&["level"], ClaimValue::Integer(1)),
        Claim(&["level"], ClaimValue::Integer(2)),
        Claim(&["truth"], ClaimValue::Bool(true)),
        Claim(&["truth"], ClaimValue::Bool(false)),
        Claim(&["a", "b"], ClaimValue::Text("r")),
    ],
    Client(_) => [Client("r"), Client("s")],
    Issuer(_) => [Issuer("acme"), Issuer("other")],
    Acr(_) => [Acr("r"), Acr("s")],
    MaxAge(_) => [MaxAge(30), MaxAge(60)],
    Proves(_) => [Proves(Proof::Dpop), Proves(Proof::Mtls)],
    Details(_) => [
        Details(DetailsDemand::new("t", &[])),
        Details(DetailsDemand::new("t", &[(DetailsMember::Actions, "r")])),
        Details(DetailsDemand::new(
            "t",
            &[(DetailsMember::Actions, "r"), (DetailsMember::Identifier, "i")],
        )),
        Details(DetailsDemand::new("t", &[(DetailsMember::Locations, "elsewhere")])),
        Details(DetailsDemand::new("u", &[(DetailsMember::Actions, "r")])),
    ],
    Check(_) => [
        Check(CheckDemand { name: "r", number: 0 }),
        Check(CheckDemand { name: "s", number: 1 }),
    ],
    Policy(_) => [
        Policy(PolicyDemand { operation: &WRITES, number: 2 }),
        Policy(PolicyDemand { operation: &RECENT, number: 3 }),
    ],
}

const WRITES: Operation = Operation::new("writes", Requirement::One(Scope("write")));
const RECENT: Operation = Operation::new("recent", Requirement::One(MaxAge(60)));

/// Returns the claims that satisfy these demands, in the format of RFC 9068.
fn claims_of(demands: &[Demand]) -> Value {
    let base = Map::from_iter([("aud".to_owned(), json!("api"))]);
    Value::Object(claims_for(demands, &crate::Provider::Standard.dialect(), base, now()))
}

/// Generates claims that satisfy some of the samples, with authentications of various ages.
pub(in crate::policy) fn claims() -> impl Strategy<Value = Value> {
    let demands = prop::sample::subsequence(SAMPLES, 0..=4);
    let age = prop::sample::select(vec![None, Some(45), Some(90)]);
    (demands, age)
        .prop_map(|(demands, age)| {
            let mut claims = claims_of(&demands);
            if let Some(age) = age {
                claims["auth_time"] = json!(NOW - age);
            }
            claims
        })
        // A token cannot have two clients.
        .prop_filter("no token", |claims| readable_token(claims).is_some())
}

fn verdict(demand: Demand, claims: &Value) -> Verdict {
    let facts = Facts { token: &token(claims), now: now() };
    judge(&Requirement::One(demand), &facts, Answers::default())
}

/// Returns all pairs of two different samples.
fn pairs() -> impl Iterator<Item = (&'static Demand, &'static Demand)> {
    SAMPLES
        .iter()
        .flat_map(|one| SAMPLES.iter().map(move |other| (one, other)))
        .filter(|(one, other)| one != other)
}

#[test]
fn only_a_token_with_the_claims_of_a_demand_satisfies_it() {
    for demand in SAMPLES {
        let Parts { issuer, check, policy, .. } = demand.parts();
        if issuer.is_some() || check.is_some() || policy.is_some() {
            assert_eq!(claims_of(&[*demand]), claims_of(&[]), "{demand:?}");
            continue;
        }
        let granted = verdict(*demand, &claims_of(&[*demand]));
        assert_eq!(granted, Verdict::Grant, "{demand:?}");
        let refused = verdict(*demand, &claims_of(&[]));
        assert_eq!(refused, Verdict::Refuse(demand.lack()), "{demand:?}");
    }
}

#[test]
fn different_demands_have_different_descriptions() {
    // A `Demand::Scope` and a `Demand::Declared` with the same name have the same description.
    let samples: Vec<_> =
        SAMPLES.iter().copied().filter(|demand| !matches!(demand, Declared(_))).collect();
    let lines: BTreeSet<_> =
        samples.iter().map(|demand| demand.description().to_string()).collect();
    assert_eq!(lines.len(), samples.len(), "{samples:?}");
}

#[test]
fn a_demand_implies_itself_and_excludes_nothing_that_it_implies() {
    for demand in SAMPLES {
        assert!(demand.implies(demand, true), "{demand:?}");
        assert!(!demand.excludes(demand), "{demand:?}");
    }
    for (one, other) in pairs() {
        let excludes = one.excludes(other);
        assert_eq!(excludes, other.excludes(one), "{one:?} {other:?}");
        assert!(!(excludes && one.implies(other, true)), "{one:?} {other:?}");
    }
}

/// Asserts that demands of different kinds do not imply each other. The attributes therefore look
/// for redundant demands only among demands with the same key.
#[test]
fn demands_of_different_keys_neither_imply_nor_exclude_each_other() {
    for (one, other) in pairs() {
        if one.description().key != other.description().key {
            assert!(!one.implies(other, true), "{one:?} {other:?}");
            assert!(!one.excludes(other), "{one:?} {other:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn relations_hold_for_every_token(claims in claims()) {
        let is_refused = |demand| matches!(verdict(demand, &claims), Verdict::Refuse(_));
        for (one, other) in pairs() {
            if one.implies(other, true) && verdict(*one, &claims) == Verdict::Grant {
                prop_assert_eq!(
                    verdict(*other, &claims), Verdict::Grant, "{:?} implies {:?}", one, other
                );
            }
            if one.excludes(other) {
                let both = !is_refused(*one) && !is_refused(*other);
                prop_assert!(!both, "{:?} does not exclude {:?}", one, other);
            }
        }
    }
}
