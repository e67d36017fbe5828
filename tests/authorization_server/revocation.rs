//! Tests the revocation of tokens, by a client (RFC 7009) and by a test.

use axum_protected_testing::{AuthorizationServer, ProtectedResource};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::test_client::{assert_refused, posted, refresh, request, send, sign_in};
use super::{BATCH, PAGE, SECRET, builder};

async fn server() -> AuthorizationServer {
    let resource = ProtectedResource::confidential("items", "secret");
    builder().protected_resource(resource).start().await.unwrap()
}

async fn is_active(server: &AuthorizationServer, token: &str) -> bool {
    let question = posted(server, "/introspect", &[("token", token)])
        .header("authorization", format!("Basic {}", STANDARD.encode("items:secret")));
    send(question).await.json()["active"] == true
}

/// Revokes a token as the public client, and returns the status.
async fn revoke(server: &AuthorizationServer, token: &str) -> u16 {
    let form = [("token", token), ("client_id", PAGE), ("token_type_hint", "access_token")];
    send(posted(server, "/revoke", &form)).await.status
}

fn text<'a>(response: &'a Value, name: &str) -> &'a str {
    response[name].as_str().unwrap()
}

#[tokio::test]
async fn a_test_revokes_tokens_of_either_kind() {
    let server = server().await;
    for token in [server.token(), server.opaque_token()] {
        let (token, other) = (token.clone().sign(), token.claim("jti", "other").sign());
        assert!(is_active(&server, &token).await);
        server.revoke(&token);
        assert!(!is_active(&server, &token).await);
        assert!(is_active(&server, &other).await);
    }
}

#[tokio::test]
async fn a_client_revokes_an_access_token_alone() {
    let server = server().await;
    let response = sign_in(&server, &[("scope", "openid")]).await;
    let token = text(&response, "access_token");
    let user_info = async || {
        let call = request(&server, "GET", "/userinfo");
        send(call.header("authorization", format!("Bearer {token}"))).await.status
    };
    assert!(is_active(&server, token).await);
    assert_eq!(user_info().await, 200);
    assert_eq!(revoke(&server, token).await, 200);
    assert!(!is_active(&server, token).await);
    assert_eq!(user_info().await, 401);

    let page = [("client_id", PAGE)];
    let next = refresh(&server, text(&response, "refresh_token"), &page).await;
    assert_eq!(next.status, 200);
    assert!(is_active(&server, text(&next.json(), "access_token")).await);
}

#[tokio::test]
async fn the_end_of_a_refresh_token_is_that_of_its_session() {
    let server = server().await;
    let response = sign_in(&server, &[]).await;
    let other = sign_in(&server, &[]).await;
    let (access_token, refresh_token) =
        (text(&response, "access_token"), text(&response, "refresh_token"));
    assert_eq!(revoke(&server, refresh_token).await, 200);
    assert!(!is_active(&server, access_token).await);
    let page = [("client_id", PAGE)];
    assert_refused(&refresh(&server, refresh_token, &page).await, 400, "invalid_grant");
    assert!(is_active(&server, text(&other, "access_token")).await);
    assert_eq!(refresh(&server, text(&other, "refresh_token"), &page).await.status, 200);
    // The answer about a token that is not valid is the same (RFC 7009 section 2.2).
    assert_eq!(revoke(&server, refresh_token).await, 200);
    assert_eq!(revoke(&server, "unknown").await, 200);
}

#[tokio::test]
async fn a_client_revokes_its_own_tokens_only() {
    let server = server().await;
    let response = sign_in(&server, &[]).await;
    for name in ["access_token", "refresh_token"] {
        let form =
            [("token", text(&response, name)), ("client_id", BATCH), ("client_secret", SECRET)];
        let answer = send(posted(&server, "/revoke", &form)).await;
        assert_eq!((answer.status, &answer.json()["error"]), (400, &"unauthorized_client".into()));
        let wrong = [form[0], form[1], ("client_secret", "wrong")];
        assert_eq!(send(posted(&server, "/revoke", &wrong)).await.status, 401);
        let anonymous = [form[0]];
        assert_eq!(send(posted(&server, "/revoke", &anonymous)).await.status, 400);
    }
    assert!(is_active(&server, text(&response, "access_token")).await);
    let page = [("client_id", PAGE)];
    assert_eq!(refresh(&server, text(&response, "refresh_token"), &page).await.status, 200);
    assert_eq!(send(posted(&server, "/revoke", &page)).await.status, 400);
}
