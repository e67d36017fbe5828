//! Tests the userinfo endpoint.

use axum_protected_testing::AuthorizationServer;

use super::test_client::{Answer, posted, request, send, sign_in};
use super::{BATCH, SECRET, server};

async fn user_info(server: &AuthorizationServer, method: &str, token: &str) -> Answer {
    let call = request(server, method, "/userinfo");
    send(call.header("authorization", format!("Bearer {token}"))).await
}

#[tokio::test]
async fn a_token_for_openid_names_its_user() {
    let server = server().await;
    let response = sign_in(&server, &[("scope", "openid items:read")]).await;
    let token = response["access_token"].as_str().unwrap();
    for method in ["GET", "POST"] {
        let answer = user_info(&server, method, token).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.json(), serde_json::json!({ "sub": "bob" }));
    }
    // The keys of the server do not matter to a token that the server has recorded.
    server.rotate().unwrap();
    assert_eq!(user_info(&server, "GET", token).await.status, 200);
}

#[tokio::test]
async fn other_tokens_are_refused_with_a_challenge() {
    let server = server().await;
    let response = sign_in(&server, &[("scope", "openid")]).await;
    let credentials =
        [("grant_type", "client_credentials"), ("client_id", BATCH), ("client_secret", SECRET)];
    let of_client = send(posted(&server, "/token", &credentials)).await.json();
    let signed_elsewhere = server.token().subject("bob").scope("openid").sign();
    let access_token = response["access_token"].as_str().unwrap();
    let invalid = [
        "",
        "guess",
        &signed_elsewhere,
        &access_token[..access_token.len() - 1],
        response["id_token"].as_str().unwrap(),
        response["refresh_token"].as_str().unwrap(),
        of_client["access_token"].as_str().unwrap(),
    ];
    for token in invalid {
        let answer = user_info(&server, "GET", token).await;
        assert_eq!(answer.status, 401, "{token}");
        let challenge = answer.header("www-authenticate");
        assert_eq!(challenge, r#"Bearer realm="userinfo", error="invalid_token""#);
        assert_eq!(answer.body, "");
    }

    let none = send(request(&server, "GET", "/userinfo")).await;
    let challenge = none.header("www-authenticate").to_owned();
    assert_eq!((none.status, challenge.as_str()), (401, r#"Bearer realm="userinfo""#));

    let without_openid = sign_in(&server, &[]).await;
    let token = without_openid["access_token"].as_str().unwrap();
    let answer = user_info(&server, "GET", token).await;
    assert_eq!(answer.status, 403);
    assert!(answer.header("www-authenticate").contains(r#"error="insufficient_scope""#));

    // A token in the query would be in logs (RFC 6750 section 5.3).
    let path = format!("/userinfo?access_token={access_token}");
    assert_eq!(send(request(&server, "GET", &path)).await.status, 401);
}
