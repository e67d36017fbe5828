//! Tests key rotations.

use std::time::Duration;

use axum_protected_tests::issuer::{JWKS, Manner};
use axum_protected_tests::{App, Call, Gate, Reply, ScriptedIssuer, bounded, fresh_key, keys};
use serde_json::json;
use tokio::task::JoinSet;

use super::{code, me, pass, pass_until_requests, signed_by, wait_for_code, warm, warm_app};

#[tokio::test]
async fn a_rotation_right_after_the_load_is_noticed_by_the_first_request() {
    let issuer = ScriptedIssuer::start().await;
    let app = warm_app(&issuer).await;
    let before = me(issuer.token());
    app.grants(&before).await;
    app.grants(&before).await;
    let new = fresh_key();
    issuer.set(JWKS, Reply::keys(&new));
    app.grants(&me(signed_by(&new, &issuer))).await;
    assert_eq!(issuer.count(JWKS), 2);
    // The server refuses a withdrawn key even for a token that was valid before.
    app.refuses(&me(issuer.token()), 401, "unknown_key").await;
    app.refuses(&before, 401, "unknown_key").await;
    app.grants(&me(signed_by(&new, &issuer))).await;
    // Each of the two refusals waited for a fetch.
    assert_eq!(issuer.count(JWKS), 4);
}

#[tokio::test]
async fn a_withdrawn_key_is_refused_after_the_scheduled_refresh() {
    let issuer = ScriptedIssuer::start().await;
    let server = warm(&issuer).await;
    assert_eq!(code(&server, issuer.token()).await, "ok");
    let new = fresh_key();
    issuer.set(JWKS, Reply::keys(&new));
    pass_until_requests(&issuer, JWKS, 2).await;
    wait_for_code(&server, &issuer.token(), "unknown_key").await;
    assert_eq!(code(&server, signed_by(&new, &issuer)).await, "ok");
}

/// The server accepts every valid token while the issuer repeatedly replaces its key set.
#[tokio::test]
async fn replacing_the_set_refuses_no_valid_token() {
    let issuer = ScriptedIssuer::start().await;
    let server = warm(&issuer).await;
    let shared = keys().jwks();
    for round in 1..=20 {
        let new = fresh_key();
        let members = [&shared["keys"][0], &new.jwks()["keys"][0]].map(Clone::clone);
        issuer.set(JWKS, Reply::json(&json!({ "keys": members })));
        pass(&issuer, Duration::from_secs(10)).await;
        let load = async {
            for _ in 0..20 {
                assert_eq!(code(&server, issuer.token()).await, "ok");
                tokio::task::yield_now().await;
            }
        };
        let (outcome, ()) = tokio::join!(code(&server, signed_by(&new, &issuer)), load);
        assert_eq!(outcome, "ok", "round {round}");
        assert_eq!(issuer.count(JWKS), round + 1);
    }
}

/// Half of 200 parallel requests have a token with the next key. All requests succeed, and they
/// cause one fetch.
#[tokio::test]
async fn a_rotation_under_two_hundred_requests_fails_none() {
    let issuer = ScriptedIssuer::start().await;
    let app = warm_app(&issuer).await;
    let new = fresh_key();
    let both = [keys().jwks(), new.jwks()].map(|set| set["keys"][0].clone());
    let gate = Gate::shut();
    let rotated = Reply::json(&json!({ "keys": both }));
    issuer.set(JWKS, rotated.manner(Manner::When(gate.clone())));
    let mut sent = JoinSet::new();
    for number in 0..200 {
        let (token, address) = match number % 2 {
            0 => (issuer.token(), app.address),
            _ => (signed_by(&new, &issuer), app.address),
        };
        sent.spawn(async move { me(token).send(address).await.status });
    }
    issuer.wait_for_requests(JWKS, 2).await;
    // Requests with the old key do not wait for the fetch.
    for _ in 0..100 {
        let status = bounded("an answer", sent.join_next()).await;
        assert_eq!(status.unwrap().unwrap(), 200);
    }
    gate.open();
    while let Some(status) = bounded("an answer", sent.join_next()).await {
        assert_eq!(status.unwrap(), 200);
    }
    assert_eq!((app.calls("me"), issuer.count(JWKS)), (200, 2));
}

/// The issuer withdraws one of two keys. After the next refresh the server refuses the withdrawn
/// key, also for cached tokens. An issuer cannot withdraw its last key in this way, because a set
/// without keys is invalid (see `invalid_answers`). The server uses the last key until the time
/// limit for outages has passed.
#[tokio::test]
async fn a_key_withdrawn_without_replacement_is_refused() {
    let issuer = ScriptedIssuer::start().await;
    let leaving = fresh_key();
    let both = [keys().jwks(), leaving.jwks()].map(|set| set["keys"][0].clone());
    issuer.set(JWKS, Reply::json(&json!({ "keys": both })));
    let server = warm(&issuer).await;
    let app = App::serve(server.clone()).await;
    let call = me(signed_by(&leaving, &issuer));
    app.grants(&call).await;
    app.grants(&call).await;
    issuer.set(JWKS, Reply::json(&json!({ "keys": both[..1] })));
    pass_until_requests(&issuer, JWKS, 2).await;
    wait_for_code(&server, &signed_by(&leaving, &issuer), "unknown_key").await;
    app.refuses(&call, 401, "unknown_key").await;
    app.grants(&me(issuer.token())).await;
}

/// A token without `kid` causes a fetch if no loaded key verifies its signature, because a newer set
/// may have the right key.
#[tokio::test]
async fn a_rotation_is_noticed_through_tokens_without_kid() {
    let issuer = ScriptedIssuer::start().await;
    let old = fresh_key();
    let nameless = |keys| {
        let mut set = axum_protected_testing::SigningKeys::jwks(keys);
        set["keys"][0].as_object_mut().unwrap().remove("kid");
        Reply::json(&set)
    };
    let token = |keys| me(signed_by(keys, &issuer).header("kid", serde_json::Value::Null));
    issuer.set(JWKS, nameless(&old));
    let app = warm_app(&issuer).await;
    app.grants(&token(&old)).await;
    let new = fresh_key();
    issuer.set(JWKS, nameless(&new));
    app.grants(&token(&new)).await;
    assert_eq!(issuer.count(JWKS), 2);
    app.refuses(&token(&old), 401, "invalid_signature").await;
    assert_eq!(issuer.count(JWKS), 3);
    app.refuses(&Call::get("/api/me"), 401, "missing_token").await;
}

/// Some issuers create a key when an algorithm is first used, so that new keys follow each other
/// immediately.
#[tokio::test]
async fn two_new_keys_within_a_second_are_both_noticed() {
    let issuer = ScriptedIssuer::start().await;
    let app = warm_app(&issuer).await;
    let mut members = vec![keys().jwks()["keys"][0].clone()];
    for fetches in 2..=5 {
        let new = fresh_key();
        members.push(new.jwks()["keys"][0].clone());
        issuer.set(JWKS, Reply::json(&json!({ "keys": members })));
        app.grants(&me(signed_by(&new, &issuer))).await;
        assert_eq!(issuer.count(JWKS), fetches);
    }
    app.grants(&me(issuer.token())).await;
}
