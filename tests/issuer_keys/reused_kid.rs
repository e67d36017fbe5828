//! Tests tokens that name a key of the current set, but are not verified by that key: the issuer
//! replaced the key and kept its `kid`, or the token is forged.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use axum_protected::ResourceServer;
use axum_protected_testing::{SigningKeys, TokenBuilder};
use axum_protected_tests::issuer::{JWKS, Manner};
use axum_protected_tests::{Gate, Reply, ScriptedIssuer, fresh_key, kid};
use serde_json::Value;

use super::{code, signed_by, wait_for_code, warm};

/// Returns the key set of these keys in which the first key has this `kid`.
fn named(keys: &SigningKeys, kid: &str) -> Value {
    let mut set = keys.jwks();
    set["keys"][0]["kid"] = kid.into();
    set
}

/// Returns the code of the result that the server gives to this token without waiting.
async fn immediate_code(server: &ResourceServer, token: TokenBuilder) -> &'static str {
    let mut answer = pin!(code(server, token));
    let first = poll_fn(|context| Poll::Ready(answer.as_mut().poll(context))).await;
    match first {
        Poll::Ready(code) => code,
        Poll::Pending => panic!("the request waited"),
    }
}

#[tokio::test]
async fn a_replaced_key_is_fetched_without_delaying_its_first_token() {
    let issuer = ScriptedIssuer::start().await;
    let (old, new) = (fresh_key(), fresh_key());
    issuer.set(JWKS, Reply::json(&named(&old, "main")));
    let server = warm(&issuer).await;
    let by = |keys| signed_by(keys, &issuer).header("kid", "main");
    assert_eq!(code(&server, by(&old)).await, "ok");

    let gate = Gate::shut();
    let replaced = Reply::json(&named(&new, "main"));
    issuer.set(JWKS, replaced.manner(Manner::When(gate.clone())));
    assert_eq!(immediate_code(&server, by(&new)).await, "invalid_signature");
    issuer.wait_for_requests(JWKS, 2).await;
    // Until the fetch ends, the old set judges all tokens, and nobody waits.
    assert_eq!(immediate_code(&server, by(&new)).await, "invalid_signature");
    assert_eq!(immediate_code(&server, by(&old)).await, "ok");
    gate.open();
    wait_for_code(&server, &by(&new), "ok").await;
    assert_eq!(issuer.count(JWKS), 2, "one fetch");
    assert_eq!(immediate_code(&server, by(&old)).await, "invalid_signature");
}

/// The issuer changes the algorithm of a key and keeps its `kid`.
#[tokio::test]
async fn a_replaced_key_of_another_algorithm_is_fetched() {
    let issuer = ScriptedIssuer::start().await;
    let (old, new) = (fresh_key(), fresh_key());
    let mut unsuitable = named(&old, "main");
    unsuitable["keys"][0]["alg"] = "ES384".into();
    let mut set = unsuitable.clone();
    set["keys"].as_array_mut().unwrap().push(fresh_key().jwks()["keys"][0].clone());
    issuer.set(JWKS, Reply::json(&set));
    let server = warm(&issuer).await;
    issuer.set(JWKS, Reply::json(&named(&new, "main")));
    let token = signed_by(&new, &issuer).header("kid", "main");
    assert_eq!(immediate_code(&server, token.clone()).await, "unsuitable_key");
    wait_for_code(&server, &token, "ok").await;
}

#[tokio::test]
async fn forged_tokens_never_wait_and_cause_few_fetches() {
    let issuer = ScriptedIssuer::start().await;
    let server = warm(&issuer).await;
    let published = kid(axum_protected_tests::keys(), 1);
    let forged = signed_by(&fresh_key(), &issuer).header("kid", published);
    for _ in 0..60 {
        assert_eq!(immediate_code(&server, forged.clone()).await, "invalid_signature");
        assert_eq!(immediate_code(&server, issuer.token()).await, "ok");
        issuer.ping().await;
    }
    // The server allows five fetches together, and one more for each 10 s of this test.
    assert!((1 + 5..=1 + 7).contains(&issuer.count(JWKS)), "{}", issuer.count(JWKS));
}
