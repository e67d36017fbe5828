//! Tests the code that verifies signatures with Wycheproof's JWS and JWK cases.
//!
//! The payloads of the cases are not JWT claims, so these tests verify everything except the
//! claims. The lists name the cases that this crate judges differently by design, each with a
//! reason. No case is skipped.

use serde_json::{Value, json};

use super::check_signature;
use crate::algorithm::Algorithm;
use crate::error::Fault;
use crate::json::Document;
use crate::keys::{KeySet, decode_base64};
use crate::token::signature::Secret;
use crate::token::{Compact, Header, Parts, Profile, decode, object, signature};

const JWS: &str =
    include_str!("../../../../tests/data/wycheproof/wycheproof_json_web_signature_test.json");
const JWK: &str =
    include_str!("../../../../tests/data/wycheproof/wycheproof_json_web_key_test.json");

const SHARED_SECRET: &str = "a symmetric key of a JWK set is never used";
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

/// The JWS cases with a shared secret that this crate judges differently.
const OTHER_SECRET_JWS: &[(u64, &str)] = &[
    (367, "its text is the text of the valid case 357"),
    (370, "its text is the text of the valid case 357"),
    (372, "`?` is not a character of base64url"),
    (373, "`?` is not a character of base64url"),
];

const REFUSED_JWK: &[(u64, &str)] =
    &[(2, SHARED_SECRET), (13, SHARED_SECRET), (14, SHARED_SECRET), (15, SHARED_SECRET)];

/// A key set and the algorithms that a token may use, or `None` if the set is rejected.
type Trusted = Option<(KeySet, Vec<Algorithm>)>;

/// Trusts the keys of a JWK set.
fn published(set: &Value) -> Trusted {
    let allowed: Vec<Algorithm> = Algorithm::ALL
        .into_iter()
        .filter(|algorithm| signature::is_supported(*algorithm))
        .collect();
    Some((KeySet::parse(set.to_string().as_bytes(), &allowed).ok()?, allowed))
}

/// Trusts the secret of a JWK, as if it were configured for the algorithm of the JWK.
fn configured_secret(jwk: &Value) -> Trusted {
    let octets = decode_base64(jwk["k"].as_str()?)?.octets;
    let allowed = vec![Algorithm::named(jwk["alg"].as_str()?)?];
    Some((KeySet::of_secret(Secret::new(octets), &allowed).ok()?, allowed))
}

fn verify(trusted: &Trusted, text: &str) -> Option<()> {
    let (set, allowed) = trusted.as_ref()?;
    let parts = Parts::split(text).ok()?;
    let mut octets = Vec::new();
    decode(parts.payload, &mut octets, Fault::ClaimsNotBase64).ok()?;
    let header =
        object(parts.header, &mut octets, Fault::HeaderNotBase64, Fault::HeaderNotObject).ok()?;
    decode(parts.signature, &mut octets, Fault::SignatureNotBase64).ok()?;
    let token = Compact {
        header,
        claims: Document::default(),
        signature: octets,
        signing_input: parts.signing_input.as_bytes(),
    };
    let header = Header::read(token.header.root(), allowed, Profile::Jwt).ok()?;
    check_signature(set, &header, &token).ok().map(|_| ())
}

/// Runs all cases of a file and returns their number. Asserts that each case has the result that
/// the file states, or the opposite result if `different` lists the case.
///
/// `trusted_in` returns the keys of a group, or `None` for a group that the test leaves to another
/// test.
fn run(
    file: &str,
    different: &[(u64, &str)],
    trusted_in: impl Fn(&Value) -> Option<Trusted>,
) -> usize {
    let file: Value = serde_json::from_str(file).unwrap();
    let mut listed: Vec<u64> = different.iter().map(|(case, _)| *case).collect();
    let mut cases = 0;
    for group in file["testGroups"].as_array().unwrap() {
        let Some(trusted) = trusted_in(group) else { continue };
        for case in group["tests"].as_array().unwrap() {
            let id = case["tcId"].as_u64().unwrap();
            let valid = case["result"] == "valid";
            let by_design = listed.iter().position(|listed| *listed == id);
            let text = case["jws"].as_str().unwrap_or_default();
            let accepted = verify(&trusted, text).is_some();
            if let Some(position) = by_design {
                listed.remove(position);
                assert_ne!(accepted, valid, "{id} is listed as different: {}", case["comment"]);
            } else {
                assert_eq!(accepted, valid, "{id} {}", case["comment"]);
            }
            cases += 1;
        }
    }
    assert_eq!(listed, [0; 0], "listed as different, but not in the file");
    cases
}

/// Returns the public key of a group of cases. For a group with a shared secret, which has no
/// public part, returns the secret key.
fn public_part(group: &Value) -> &Value {
    group.get("public").unwrap_or_else(|| &group["private"])
}

#[test]
fn signatures_are_judged_as_wycheproof_expects() {
    let trusted = |group: &Value| Some(published(&json!({ "keys": [public_part(group)] })));
    assert_eq!(run(JWS, REFUSED_JWS, trusted), 401);
}

#[test]
fn keys_are_judged_as_wycheproof_expects() {
    assert_eq!(run(JWK, REFUSED_JWK, |group| Some(published(public_part(group)))), 26);
}

/// The groups with exactly one symmetric key, whose secret is configured and not published.
#[test]
fn shared_secrets_are_judged_as_wycheproof_expects() {
    let secret = |jwk: &Value| (jwk["kty"] == "oct").then(|| configured_secret(jwk));
    assert_eq!(run(JWS, OTHER_SECRET_JWS, |group| secret(&group["private"])), 40);
    let only_key = |group: &Value| match group["private"]["keys"].as_array()?.as_slice() {
        [jwk] => secret(jwk),
        _ => None,
    };
    assert_eq!(run(JWK, &[], only_key), 11);
}
