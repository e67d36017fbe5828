//! Tests the token header: algorithms, types, extensions and key names. A header never overrides
//! the configuration of the server.

use axum_protected::{Algorithm, Issuer};
use axum_protected_testing::{SigningKeys, TokenBuilder};
use axum_protected_tests::{AUDIENCE, encode, fresh_key, keys, kid, trusting};
use serde_json::{Value, json};

use super::{ISSUER, check, good, issuer, server};

fn named(cases: Vec<(TokenBuilder, &'static str)>) -> Vec<(String, String, &'static str)> {
    cases.into_iter().map(|(token, code)| (format!("{token:?}"), token.sign(), code)).collect()
}

#[tokio::test]
async fn the_algorithm_must_be_allowed_and_match_the_key() {
    let mut cases = vec![
        (good(), "ok"),
        (good().algorithm(Algorithm::ES256), "ok"),
        (good().algorithm(Algorithm::EdDSA), "ok"),
        (good().algorithm(Algorithm::EdDSA).header("alg", "Ed25519"), "ok"),
        (good().header("alg", Value::Null), "malformed_token"),
        (good().header("alg", 7), "malformed_token"),
        (good().header("alg", vec!["RS256"]), "malformed_token"),
        // The JWK allows the key for RS256 only.
        (good().header("alg", "PS256"), "unsuitable_key"),
        (good().header("alg", "RS512"), "unsuitable_key"),
        (good().header("alg", "ES256"), "unsuitable_key"),
        (good().algorithm(Algorithm::ES256).header("alg", "ES384"), "unsuitable_key"),
    ];
    for other in [
        "",
        "none",
        "None",
        "NONE",
        "nOnE",
        "none ",
        "rs256",
        "Rs256",
        "RS256 ",
        "HS256",
        "HS384",
        "HS512",
        "RS1",
        "ES256K",
        "Ed448",
        "ML-DSA-44",
        "dir",
    ] {
        cases.push((good().header("alg", other), "unsupported_algorithm"));
    }
    check(&server(), named(cases)).await;
    // A token with `alg` `none` is refused, regardless of the text in place of the signature.
    let unsecured = good().header("alg", "none").sign();
    let (content, _) = unsecured.rsplit_once('.').unwrap();
    let borrowed = good().sign();
    let (_, signature) = borrowed.rsplit_once('.').unwrap();
    let signatures = [String::new(), encode([1; 32]), signature.to_owned()];
    let cases = signatures.map(|signature| {
        let token = format!("{content}.{signature}");
        (signature, token, "unsupported_algorithm")
    });
    check(&server(), cases).await;
}

/// The server uses the configured algorithms of the issuer, or else the configured algorithms of
/// the server, or else all algorithms of the cryptographic backend.
#[tokio::test]
async fn the_list_of_algorithms_is_configuration() {
    let all = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];
    for allowed in all {
        let by_server = trusting(Issuer::new(ISSUER).jwks(only(allowed))).algorithms([allowed]);
        let by_issuer =
            trusting(Issuer::new(ISSUER).jwks(only(allowed)).algorithms([allowed])).algorithms(all);
        for server in [by_server, by_issuer] {
            let server = server.build().unwrap();
            let cases = all.map(|used| {
                let code = if used == allowed { "ok" } else { "unsupported_algorithm" };
                (good().algorithm(used), code)
            });
            check(&server, named(cases.into())).await;
        }
    }
}

fn only(algorithm: Algorithm) -> Value {
    let mut set = keys().jwks();
    let members = set["keys"].as_array_mut().unwrap();
    members.retain(|jwk| jwk["alg"] == algorithm.name());
    set
}

/// Each algorithm of the backend signs with its own key.
#[tokio::test]
async fn every_algorithm_verifies_what_it_signed() {
    let others = [Algorithm::PS256, Algorithm::ES384, Algorithm::ES512];
    let signing = SigningKeys::generate(&others).unwrap();
    let server = trusting(Issuer::new(ISSUER).jwks(signing.jwks())).build().unwrap();
    let token = || TokenBuilder::new(&signing, ISSUER, AUDIENCE);
    let cases = others.map(|algorithm| (token().algorithm(algorithm), "ok"));
    check(&server, named(cases.into())).await;
    let cases = others.map(|algorithm| {
        let other = if algorithm == Algorithm::ES384 { 2 } else { 1 };
        let token = token().algorithm(algorithm).header("kid", kid(&signing, other));
        (token, "unsuitable_key")
    });
    check(&server, named(cases.into())).await;
}

#[tokio::test]
async fn the_type_is_that_of_an_access_token() {
    let lenient = server();
    let strict = trusting(issuer(ISSUER)).rfc9068().build().unwrap();
    let cases = [
        (Value::Null, "ok", "wrong_type"),
        ("JWT".into(), "ok", "wrong_type"),
        ("jwt".into(), "ok", "wrong_type"),
        ("application/jwt".into(), "ok", "wrong_type"),
        ("at+jwt".into(), "ok", "ok"),
        ("at+JWT".into(), "ok", "ok"),
        ("AT+JWT".into(), "ok", "ok"),
        ("application/at+jwt".into(), "ok", "ok"),
        ("Application/AT+jwt".into(), "ok", "ok"),
        ("at+jwt;v=1".into(), "wrong_type", "wrong_type"),
        ("id_token".into(), "wrong_type", "wrong_type"),
        ("logout+jwt".into(), "wrong_type", "wrong_type"),
        ("secevent+jwt".into(), "wrong_type", "wrong_type"),
        ("dpop+jwt".into(), "wrong_type", "wrong_type"),
        ("client-authentication+jwt".into(), "wrong_type", "wrong_type"),
        ("token-introspection+jwt".into(), "wrong_type", "wrong_type"),
        ("".into(), "wrong_type", "wrong_type"),
        (7.into(), "malformed_token", "malformed_token"),
        (vec!["at+jwt"].into(), "malformed_token", "malformed_token"),
    ];
    for (typ, outcome, outcome_strict) in cases {
        let token = || good().header("typ", typ.clone());
        check(&lenient, named(vec![(token(), outcome)])).await;
        check(&strict, named(vec![(token(), outcome_strict)])).await;
    }
    let other_kinds = [
        good().claim("events", json!({})),
        good().claim("token_introspection", json!({})),
        good().header("typ", "JWT").claim("at_hash", "abc"),
        good().claim("c_hash", "abc"),
        good().header("cty", "JWT"),
        good().header("cty", "application/jwt"),
    ];
    let cases = other_kinds.map(|token| (token, "wrong_type"));
    check(&lenient, named(cases.into())).await;
}

#[tokio::test]
async fn an_unknown_critical_extension_is_refused() {
    let critical = [
        json!(["x"]),
        json!(["exp"]),
        json!(["alg"]),
        json!(["b64"]),
        json!(["x", "x"]),
        json!(["absent"]),
        json!([]),
        json!("x"),
        json!({}),
        json!([7]),
        json!(false),
    ];
    let mut cases: Vec<_> = critical
        .into_iter()
        .map(|crit| (good().header("x", 1).header("crit", crit), "unsupported_extension"))
        .collect();
    let detached = good().header("b64", false);
    cases.push((detached.clone(), "unsupported_extension"));
    cases.push((detached.header("crit", vec!["b64"]), "unsupported_extension"));
    cases.push((good().header("b64", "false"), "unsupported_extension"));
    cases.push((good().header("x", 1).header("b64", true), "ok"));
    check(&server(), named(cases)).await;
}

#[tokio::test]
async fn a_kid_is_exact_or_absent() {
    let name = kid(keys(), 0);
    let swapped: String = name
        .chars()
        .map(|one| {
            if one.is_ascii_lowercase() {
                one.to_ascii_uppercase()
            } else {
                one.to_ascii_lowercase()
            }
        })
        .collect();
    let cases = vec![
        (good().header("kid", name.clone()), "ok"),
        (good().header("kid", swapped), "unknown_key"),
        (good().header("kid", format!("{name} ")), "unknown_key"),
        (good().header("kid", ""), "unknown_key"),
        (good().header("kid", "k".repeat(512)), "unknown_key"),
        (good().header("kid", "k".repeat(513)), "malformed_token"),
        (good().header("kid", 7), "malformed_token"),
        (good().header("kid", vec![name]), "malformed_token"),
        (good().header("kid", json!({})), "malformed_token"),
        // The `kid` names another key of the issuer.
        (good().header("kid", kid(keys(), 1)), "unsuitable_key"),
        // The token needs no `kid`, because the issuer has one key per algorithm.
        (good().header("kid", Value::Null), "ok"),
    ];
    check(&server(), named(cases)).await;
    // A token without `kid` is ambiguous if the issuer has two keys for its algorithm.
    let (first, second) = (fresh_key(), fresh_key());
    let members = [first.jwks()["keys"][0].clone(), second.jwks()["keys"][0].clone()];
    let server = trusting(Issuer::new(ISSUER).jwks(json!({ "keys": members }))).build().unwrap();
    let token = || TokenBuilder::new(&second, ISSUER, AUDIENCE);
    let cases = vec![(token(), "ok"), (token().header("kid", Value::Null), "unsuitable_key")];
    check(&server, named(cases)).await;
}

#[tokio::test]
async fn one_kid_may_name_keys_of_two_types() {
    let mut members = keys().jwks()["keys"].clone();
    for jwk in members.as_array_mut().unwrap() {
        jwk["kid"] = "same".into();
    }
    for _ in 0..3 {
        let server =
            trusting(Issuer::new(ISSUER).jwks(json!({ "keys": members }))).build().unwrap();
        let all = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];
        let cases = all.map(|algorithm| {
            let token = good().algorithm(algorithm).header("kid", "same");
            (token, "ok")
        });
        check(&server, named(cases.into())).await;
        members.as_array_mut().unwrap().rotate_left(1);
    }
}
