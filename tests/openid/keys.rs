//! Tests the keys that verify ID tokens and logout tokens.

use axum_protected::__browser::Provider;
use axum_protected_testing::ManualClock;
use axum_protected_testing::{SigningKeys, TokenBuilder};
use axum_protected_tests::issuer::JWKS;
use axum_protected_tests::{Reply, ScriptedIssuer, fresh_key, ready, trusting};
use serde_json::{Value, json};

use super::{CLIENT, NONCE, NOW, epoch, expecting, outcome, sign_in};

fn provider(issuer: &ScriptedIssuer) -> Provider {
    let server = trusting(issuer.url()).clock(ManualClock::at(epoch(NOW))).build().unwrap();
    Provider::new(&server, Some(issuer.url())).unwrap()
}

fn signed_by(keys: &SigningKeys, issuer: &ScriptedIssuer) -> TokenBuilder {
    let token = TokenBuilder::new(keys, issuer.url(), CLIENT).header("typ", "JWT");
    token.claim("iat", NOW).claim("exp", NOW + 60).claim("nonce", NONCE).claim("sub", "alice")
}

fn logout_signed_by(keys: &SigningKeys, issuer: &ScriptedIssuer) -> TokenBuilder {
    let token = signed_by(keys, issuer).without("nonce");
    token.claim("events", json!({ super::EVENT: {} }))
}

/// The key of the new token is fetched while the sign-in waits.
#[tokio::test]
async fn a_new_key_of_the_provider_is_accepted() {
    let issuer = ScriptedIssuer::start().await;
    let provider = provider(&issuer);
    ready(provider.server()).await;
    let new = fresh_key();
    issuer.set(JWKS, Reply::keys(&new));
    let token = signed_by(&new, &issuer).sign();
    assert_eq!(outcome(provider.verify_id_token(&token, &sign_in()).await), "ok");
    assert_eq!(issuer.count(JWKS), 2);
    let token = logout_signed_by(&new, &issuer).sign();
    assert_eq!(outcome(provider.verify_logout_token(&token, CLIENT).await), "ok");
    assert_eq!(issuer.count(JWKS), 2);
    let old = signed_by(axum_protected_tests::keys(), &issuer).sign();
    let expected = "the issuer publishes no key with the `kid` of the token";
    assert_eq!(outcome(provider.verify_id_token(&old, &sign_in()).await), expected);
}

#[tokio::test]
async fn a_key_for_encryption_verifies_nothing() {
    let issuer = ScriptedIssuer::start().await;
    let mut set = axum_protected_tests::keys().jwks();
    set["keys"][0]["use"] = json!("enc");
    issuer.set(JWKS, Reply::json(&set));
    let provider = provider(&issuer);
    ready(provider.server()).await;
    let token = signed_by(axum_protected_tests::keys(), &issuer).sign();
    let expected = "not exactly one key of the issuer matches `kid` and `alg`";
    assert_eq!(outcome(provider.verify_id_token(&token, &sign_in()).await), expected);
}

#[tokio::test]
async fn a_foreign_signature_under_a_known_kid_is_refused() {
    let issuer = ScriptedIssuer::start().await;
    let provider = provider(&issuer);
    ready(provider.server()).await;
    let known = axum_protected_tests::kid(axum_protected_tests::keys(), 1);
    let token = signed_by(&fresh_key(), &issuer).header("kid", known).sign();
    let expected = "the signature does not verify with the key of the issuer";
    assert_eq!(outcome(provider.verify_id_token(&token, &sign_in()).await), expected);
}

/// A token that nobody can judge is not a refused one, and a token that no key could save causes no
/// wait for keys.
#[tokio::test]
async fn without_keys_a_valid_token_is_unavailable_and_others_are_refused() {
    let issuer = ScriptedIssuer::silent().await;
    let provider = provider(&issuer);
    let keys = axum_protected_tests::keys();
    let token = signed_by(keys, &issuer).sign();
    let error = provider.verify_id_token(&token, &sign_in()).await.unwrap_err();
    assert!(error.is_unavailable());
    assert_eq!(error.claim(), None);
    let text = error.to_string();
    let start = "the ID token cannot be verified: the server has no usable keys of the issuer; ";
    assert!(text.starts_with(start) && text.contains("404"), "{text}");
    let logout = logout_signed_by(keys, &issuer);
    let error = provider.verify_logout_token(&logout.clone().sign(), CLIENT).await.unwrap_err();
    assert!(error.is_unavailable());
    let forged = signed_by(keys, &issuer).claim("nonce", "other").sign();
    let error = provider.verify_id_token(&forged, &sign_in()).await.unwrap_err();
    assert!(!error.is_unavailable() && error.claim() == Some("nonce"));
    let forged = logout.claim("jti", Value::Null).sign();
    let error = provider.verify_logout_token(&forged, CLIENT).await.unwrap_err();
    assert!(!error.is_unavailable() && error.claim() == Some("jti"));
    let refresh = expecting(super::refresh().occasion);
    let forged = signed_by(keys, &issuer).claim("sub", "bob").sign();
    assert!(!provider.verify_id_token(&forged, &refresh).await.unwrap_err().is_unavailable());
}
