//! Tests the code that verifies signatures with Wycheproof's JWS and JWK cases.
//!
//! The payloads of the cases are not JWT claims, so these tests verify everything except the
//! claims. Two lists name the cases that Wycheproof considers valid and this crate refuses by
//! design, each with a reason. No case is skipped.

use serde_json::{Value, json};

use super::check_signature;
use crate::algorithm::Algorithm;
use crate::json::Document;
use crate::keys::KeySet;
use crate::token::{Compact, Header, Parts, Profile, decode, object, signature};

const JWS: &str =
    include_str!("../../../../tests/data/wycheproof/wycheproof_json_web_signature_test.json");
const JWK: &str =
    include_str!("../../../../tests/data/wycheproof/wycheproof_json_web_key_test.json");

const SHARED_SECRET: &str = "HMAC with a shared secret is not supported";
const OTHER_ALGORITHM: &str =
    "the key names another algorithm than the token (RFC 7517 section 4.4)";
const NO_SUCH_ALGORITHM: &str = "the key names `ES521`, which is not a registered algorithm";

/// The JWS cases that Wycheproof considers valid and this crate refuses: `tcId` and reason.
const REFUSED_JWS: &[(u64, &str)] = &[
    (1, SHARED_SECRET),
    (346, OTHER_ALGORITHM),
    (347, NO_SUCH_ALGORITHM),
    (348, SHARED_SECRET),
    (350, OTHER_ALGORITHM),
    (351, NO_SUCH_ALGORITHM),
    (352, SHARED_SECRET),
    (357, SHARED_SECRET),
    (358, SHARED_SECRET),
    (359, SHARED_SECRET),
    (372, SHARED_SECRET),
    (373, SHARED_SECRET),
    (376, SHARED_SECRET),
    (377, SHARED_SECRET),
];

const REFUSED_JWK: &[(u64, &str)] =
    &[(2, SHARED_SECRET), (13, SHARED_SECRET), (14, SHARED_SECRET), (15, SHARED_SECRET)];

fn is_accepted(set: &Value, text: &str) -> bool {
    verify(set, text).is_some()
}

fn verify(set: &Value, text: &str) -> Option<()> {
    let allowed: Vec<Algorithm> = Algorithm::ALL
        .into_iter()
        .filter(|algorithm| signature::is_supported(*algorithm))
        .collect();
    let set = KeySet::parse(set.to_string().as_bytes(), &allowed).ok()?;
    let parts = Parts::split(text).ok()?;
    let mut octets = Vec::new();
    decode(parts.payload, &mut octets).ok()?;
    let header = object(parts.header, &mut octets).ok()?;
    decode(parts.signature, &mut octets).ok()?;
    let token = Compact {
        header,
        claims: Document::default(),
        signature: octets,
        signing_input: parts.signing_input.as_bytes(),
    };
    let header = Header::read(token.header.root(), &allowed, Profile::Jwt).ok()?;
    check_signature(&set, &header, &token).ok().map(|_| ())
}

/// Runs all cases of a file and returns their number. Asserts that each case has the result that
/// the file states, or is refused if `refused` lists the case.
fn run(file: &str, refused: &[(u64, &str)], set_of: impl Fn(&Value) -> Value) -> usize {
    let file: Value = serde_json::from_str(file).unwrap();
    let mut listed: Vec<u64> = refused.iter().map(|(case, _)| *case).collect();
    let mut cases = 0;
    for group in file["testGroups"].as_array().unwrap() {
        let set = set_of(group);
        for case in group["tests"].as_array().unwrap() {
            let id = case["tcId"].as_u64().unwrap();
            let valid = case["result"] == "valid";
            let by_design = listed.iter().position(|listed| *listed == id);
            let accepted = is_accepted(&set, case["jws"].as_str().unwrap_or_default());
            if let Some(position) = by_design {
                listed.remove(position);
                assert!(
                    valid && !accepted,
                    "{id} is listed as refused, but is invalid or accepted: {}",
                    case["comment"]
                );
            } else {
                assert_eq!(accepted, valid, "{id} {}", case["comment"]);
            }
            cases += 1;
        }
    }
    assert_eq!(listed, [0; 0], "listed as refused, but not in the file");
    cases
}

/// Returns the public key of a group of cases. For a group with a shared secret, which has no
/// public part, returns the secret key.
fn published(group: &Value) -> &Value {
    group.get("public").unwrap_or_else(|| &group["private"])
}

#[test]
fn signatures_are_judged_as_wycheproof_expects() {
    assert_eq!(run(JWS, REFUSED_JWS, |group| json!({ "keys": [published(group)] })), 401);
}

#[test]
fn keys_are_judged_as_wycheproof_expects() {
    assert_eq!(run(JWK, REFUSED_JWK, |group| published(group).clone()), 26);
}
