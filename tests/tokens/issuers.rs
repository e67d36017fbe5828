//! Tests a server that trusts several issuers. Each issuer can sign only its own tokens.

use axum_protected::{Algorithm, Issuer};
use axum_protected_testing::{SigningKeys, TokenBuilder};
use axum_protected_tests::{AUDIENCE, fresh_key, kid, trusting};
use serde_json::Value;

use super::check;

const A: &str = "https://a.example.com";
const B: &str = "https://b.example.com";

fn token(issuer: &str, keys: &SigningKeys, kid: impl Into<Value>) -> String {
    let token = TokenBuilder::new(keys, issuer, AUDIENCE);
    token.header("kid", kid).sign()
}

fn issuer(identifier: &str, jwks: Value) -> Issuer {
    Issuer::new(identifier).jwks(jwks)
}

#[tokio::test]
async fn one_issuers_key_does_not_sign_for_another() {
    let (of_a, of_b) = (fresh_key(), fresh_key());
    let (kid_a, kid_b) = (kid(&of_a, 0), kid(&of_b, 0));
    let server = trusting(issuer(A, of_a.jwks())).issuer(issuer(B, of_b.jwks())).build().unwrap();
    let cases = [
        ("A", token(A, &of_a, kid_a.clone()), "ok"),
        ("B", token(B, &of_b, kid_b.clone()), "ok"),
        ("A by B's key and kid", token(A, &of_b, kid_b.clone()), "unknown_key"),
        ("A by B's key, A's kid", token(A, &of_b, kid_a.clone()), "invalid_signature"),
        ("A by B's key, no kid", token(A, &of_b, Value::Null), "invalid_signature"),
        ("B by A's key and kid", token(B, &of_a, kid_a), "unknown_key"),
        ("B by A's key, B's kid", token(B, &of_a, kid_b), "invalid_signature"),
    ];
    check(&server, cases.map(|(name, token, code)| (name.to_owned(), token, code))).await;
}

#[tokio::test]
async fn one_kid_at_two_issuers_names_two_keys() {
    let (of_a, of_b) = (fresh_key(), fresh_key());
    let renamed = |keys: &SigningKeys| {
        let mut set = keys.jwks();
        set["keys"][0]["kid"] = "same".into();
        set
    };
    let server =
        trusting(issuer(A, renamed(&of_a))).issuer(issuer(B, renamed(&of_b))).build().unwrap();
    let cases = [
        ("A", token(A, &of_a, "same"), "ok"),
        ("B", token(B, &of_b, "same"), "ok"),
        ("A by B", token(A, &of_b, "same"), "invalid_signature"),
        ("B by A", token(B, &of_a, "same"), "invalid_signature"),
    ];
    check(&server, cases.map(|(name, token, code)| (name.to_owned(), token, code))).await;
}

#[tokio::test]
async fn one_subject_at_two_issuers_is_two_callers() {
    let keys = fresh_key();
    let server = trusting(issuer(A, keys.jwks())).issuer(issuer(B, keys.jwks())).build().unwrap();
    let mut callers = std::collections::BTreeSet::new();
    for one in [A, B] {
        let token = server.authenticate(&token(one, &keys, kid(&keys, 0))).await.unwrap();
        callers.insert((token.issuer().to_owned(), token.subject().map(str::to_owned)));
    }
    assert_eq!(callers.len(), 2);
}

/// The configured algorithms of one issuer do not apply to another issuer.
#[tokio::test]
async fn each_issuer_has_its_own_algorithms() {
    let keys = SigningKeys::generate(&[Algorithm::ES256, Algorithm::EdDSA]).unwrap();
    let only = |algorithm: Algorithm| {
        let mut set = keys.jwks();
        let members = set["keys"].as_array_mut().unwrap();
        members.retain(|jwk| jwk["alg"] == algorithm.name());
        set
    };
    let a = issuer(A, only(Algorithm::ES256)).algorithms([Algorithm::ES256]);
    let b = issuer(B, only(Algorithm::EdDSA)).algorithms([Algorithm::EdDSA]);
    let server = trusting(a).issuer(b).build().unwrap();
    let token = |issuer: &str, algorithm| {
        let token = TokenBuilder::new(&keys, issuer, AUDIENCE);
        token.algorithm(algorithm).sign()
    };
    let cases = [
        (A, Algorithm::ES256, "ok"),
        (A, Algorithm::EdDSA, "unsupported_algorithm"),
        (B, Algorithm::EdDSA, "ok"),
        (B, Algorithm::ES256, "unsupported_algorithm"),
    ]
    .map(|(issuer, algorithm, code)| {
        (format!("{issuer} {algorithm}"), token(issuer, algorithm), code)
    });
    check(&server, cases).await;
}
