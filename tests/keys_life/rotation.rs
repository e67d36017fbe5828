//! New keys come and old ones go.

use std::time::Duration;

use axum_protected_tests::issuer::JWKS;
use axum_protected_tests::{Call, Reply, ScriptedIssuer, fresh_key, keys};
use serde_json::json;

use super::{by, code, comes_to, me, pass, pass_until_asked, warm, warm_app};

#[tokio::test]
async fn a_rotation_right_after_the_load_is_seen_by_the_first_request() {
    let issuer = ScriptedIssuer::start().await;
    let app = warm_app(&issuer).await;
    let before = me(issuer.token());
    app.grants(&before).await;
    app.grants(&before).await;
    let new = fresh_key();
    issuer.set(JWKS, Reply::keys(&new));
    app.grants(&me(by(&new, &issuer))).await;
    assert_eq!(issuer.count(JWKS), 2);
    // What was withdrawn went with the set it was in, also for a token that was good before.
    app.refuses(&me(issuer.token()), 401, "unknown_key").await;
    app.refuses(&before, 401, "unknown_key").await;
    app.grants(&me(by(&new, &issuer))).await;
    assert_eq!(issuer.count(JWKS), 2);
}

#[tokio::test]
async fn a_withdrawn_key_is_refused_after_the_refresh_that_nobody_asked_for() {
    let issuer = ScriptedIssuer::start().await;
    let server = warm(&issuer).await;
    assert_eq!(code(&server, issuer.token()).await, "ok");
    let new = fresh_key();
    issuer.set(JWKS, Reply::keys(&new));
    pass_until_asked(&issuer, JWKS, 2).await;
    comes_to(&server, &issuer.token(), "unknown_key").await;
    assert_eq!(code(&server, by(&new, &issuer)).await, "ok");
}

/// While the set is replaced over and over no good token is refused.
#[tokio::test]
async fn replacing_the_set_is_seamless() {
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
        let (outcome, ()) = tokio::join!(code(&server, by(&new, &issuer)), load);
        assert_eq!(outcome, "ok", "round {round}");
        assert_eq!(issuer.count(JWKS), round + 1);
    }
}

/// Without a name in the token, a newer set may hold the key that the held one lacks.
#[tokio::test]
async fn a_rotation_is_seen_by_tokens_that_name_no_key() {
    let issuer = ScriptedIssuer::start().await;
    let old = fresh_key();
    let nameless = |keys| {
        let mut set = axum_protected::testing::SigningKeys::jwks(keys);
        set["keys"][0].as_object_mut().unwrap().remove("kid");
        Reply::json(&set)
    };
    let token = |keys| me(by(keys, &issuer).header("kid", serde_json::Value::Null));
    issuer.set(JWKS, nameless(&old));
    let app = warm_app(&issuer).await;
    app.grants(&token(&old)).await;
    let new = fresh_key();
    issuer.set(JWKS, nameless(&new));
    app.grants(&token(&new)).await;
    app.refuses(&token(&old), 401, "invalid_signature").await;
    assert_eq!(issuer.count(JWKS), 2);
    app.refuses(&Call::get("/api/me"), 401, "missing_token")
        .await;
}
