//! Tests public keys in PEM and DER that are set in code.

use axum_protected::{Algorithm, Issuer};
use axum_protected_tests::{Log, fresh_key, keys};
use serde_json::{Value, json};

use super::spki::{der, pem};
use super::{ISSUER, build, code, problems, signed_by};

fn issuer() -> Issuer {
    Issuer::new(ISSUER)
}

/// The shared keys have the algorithms RS256, ES256 and `EdDSA`.
#[tokio::test]
async fn each_kind_of_key_verifies_tokens_with_any_kid() {
    let algorithms = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];
    for (index, algorithm) in algorithms.into_iter().enumerate() {
        let by_pem = issuer().public_key_pem(pem(keys(), index));
        let by_der = issuer().public_key_der(der(keys(), index));
        for issuer in [by_pem, by_der] {
            let server = build(issuer).unwrap();
            for kid in [json!("a"), json!("b"), Value::Null] {
                let token = signed_by(keys()).algorithm(algorithm).header("kid", kid);
                assert_eq!(code(&server, token.clone()).await, "ok", "{algorithm}");
                assert_eq!(code(&server, token).await, "ok", "{algorithm}");
            }
            assert!(server.health().ready);
            assert_eq!(server.health().issuers[0].keys, 1);
        }
    }
}

#[tokio::test]
async fn several_keys_of_one_text_are_told_apart_by_their_algorithm() {
    let text = [pem(keys(), 1), pem(keys(), 2)].concat();
    let server = build(issuer().public_key_pem(text)).unwrap();
    for algorithm in [Algorithm::ES256, Algorithm::EdDSA] {
        assert_eq!(code(&server, signed_by(keys()).algorithm(algorithm)).await, "ok");
    }
    let rs256 = signed_by(keys()).algorithm(Algorithm::RS256);
    assert_eq!(code(&server, rs256).await, "unknown_key");
}

#[tokio::test]
async fn a_token_of_another_key_is_refused() {
    let server = build(issuer().public_key_pem(pem(&fresh_key(), 0))).unwrap();
    let forged = || signed_by(keys()).algorithm(Algorithm::ES256);
    assert_eq!(code(&server, forged()).await, "invalid_signature");
    assert_eq!(code(&server, forged().header("kid", Value::Null)).await, "invalid_signature");
}

/// The problem names the setting and the issuer, and does not show the key.
#[test]
fn an_unusable_key_is_a_problem_of_the_configuration() {
    let private = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----";
    let two = [pem(&fresh_key(), 0), pem(&fresh_key(), 0)].concat();
    let es256 = || pem(&fresh_key(), 0);
    let cases = [
        (issuer().public_key_pem(private), "`public_key_pem` of the issuer `my-login`"),
        (issuer().public_key_pem(private), "openssl pkey -in private.pem -pubout"),
        (issuer().public_key_pem(two), "several keys for the same algorithm"),
        (issuer().public_key_pem(""), "no PEM block"),
        (issuer().public_key_der(""), "`public_key_der` of the issuer `my-login`"),
        (issuer().public_key_pem(es256()).algorithms([Algorithm::RS256]), "`algorithms`"),
        (issuer().public_key_pem(es256()).algorithms([Algorithm::HS256]), "a shared secret"),
        (issuer().public_key_pem(es256()).public_key_der(""), "both `public_key_pem` and"),
        (issuer().public_key_pem(es256()).jwks(json!({})), "both `jwks` and `public_key_pem`"),
        (issuer().public_key_pem(es256()).jwks_uri("https://a.example"), "both `jwks_uri` and"),
        (issuer().public_key_pem(es256()).seed_jwks(json!({})), "both `seed_jwks` and"),
    ];
    let (log, _guard) = Log::open();
    for (issuer, expected) in cases {
        let problems = problems(issuer);
        assert!(problems.contains(expected), "{problems}");
        assert!(!problems.contains("c2VjcmV0"), "{problems}");
    }
    assert!(!log.text().contains("c2VjcmV0"));
}
