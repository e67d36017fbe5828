//! Tests logouts that a client starts through the browser of its user.

use super::test_client::{Answer, assert_refused, claims, posted, refresh, request, send, sign_in};
use super::{PAGE, SIGNED_OUT, server};
use axum_protected_testing::AuthorizationServer;
use reqwest::Url;
use serde_json::Value;

/// Sends a logout request as a browser that follows a link.
async fn log_out(server: &AuthorizationServer, pairs: &[(&str, &str)]) -> Answer {
    let url = Url::parse_with_params("http://127.0.0.1/", pairs).unwrap();
    let query = url.query().unwrap_or_default();
    send(request(server, "GET", &format!("/logout?{query}"))).await
}

/// Asserts that the refresh token of this response is valid, and returns the next response.
async fn refreshed(server: &AuthorizationServer, response: &Value) -> Value {
    let token = response["refresh_token"].as_str().unwrap();
    let answer = refresh(server, token, &[("client_id", PAGE)]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

#[tokio::test]
async fn a_logout_ends_the_session_of_its_id_token_and_returns_to_the_client() {
    let server = server().await;
    let (first, second) = (
        sign_in(&server, &[("scope", "openid")]).await,
        sign_in(&server, &[("scope", "openid")]).await,
    );
    // The ID token of the sign-in names the session also after a refresh and a key rotation.
    let refreshed_first = refreshed(&server, &first).await;
    server.rotate().unwrap();
    let pairs = [
        ("id_token_hint", first["id_token"].as_str().unwrap()),
        ("client_id", PAGE),
        ("post_logout_redirect_uri", SIGNED_OUT),
        ("state", "a&b"),
    ];
    let answer = log_out(&server, &pairs).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, "http://127.0.0.1:3000/signed-out?state=a%26b")
    );

    let token = refreshed_first["refresh_token"].as_str().unwrap();
    let answer = refresh(&server, token, &[("client_id", PAGE)]).await;
    assert_refused(&answer, 400, "invalid_grant");
    let userinfo = request(&server, "GET", "/userinfo")
        .bearer_auth(refreshed_first["access_token"].as_str().unwrap());
    assert_eq!(send(userinfo).await.status, 401);
    refreshed(&server, &second).await;

    // A repeated logout has the same answer.
    assert_eq!(log_out(&server, &pairs).await.status, 303);
    assert!(
        !server.end_session(claims(&first["id_token"])["sid"].as_str().unwrap()).await.unwrap()
    );
}

#[tokio::test]
async fn a_form_without_a_redirect_shows_that_the_user_is_signed_out() {
    let server = server().await;
    let response = sign_in(&server, &[("scope", "openid")]).await;
    let hint = [("id_token_hint", response["id_token"].as_str().unwrap())];
    let answer = send(posted(&server, "/logout", &hint)).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains("You are signed out"), "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    let token = response["refresh_token"].as_str().unwrap();
    let answer = refresh(&server, token, &[("client_id", PAGE)]).await;
    assert_refused(&answer, 400, "invalid_grant");
}

#[tokio::test]
async fn a_client_without_an_id_token_is_sent_back_and_no_session_ends() {
    let server = server().await;
    let response = sign_in(&server, &[("scope", "openid")]).await;
    let pairs = [("client_id", PAGE), ("post_logout_redirect_uri", SIGNED_OUT)];
    let answer = log_out(&server, &pairs).await;
    assert_eq!((answer.status, answer.header("location")), (303, SIGNED_OUT));
    refreshed(&server, &response).await;
}

#[tokio::test]
async fn a_refused_logout_ends_no_session_and_does_not_redirect() {
    let server = server().await;
    let response = sign_in(&server, &[("scope", "openid")]).await;
    let id_token = response["id_token"].as_str().unwrap();
    let access_token = response["access_token"].as_str().unwrap();
    let forged = format!("{id_token}x");
    let cases: [&[(&str, &str)]; 5] = [
        &[("id_token_hint", &forged), ("post_logout_redirect_uri", SIGNED_OUT)],
        &[("id_token_hint", access_token)],
        &[("id_token_hint", id_token), ("client_id", "batch")],
        &[("id_token_hint", id_token), ("post_logout_redirect_uri", "https://evil.example/")],
        &[("post_logout_redirect_uri", SIGNED_OUT)],
    ];
    for pairs in cases {
        let answer = log_out(&server, pairs).await;
        assert_eq!((answer.status, answer.header("location")), (400, ""), "{pairs:?}");
        assert!(answer.body.contains("Sign-out failed") && !answer.body.contains("evil"));
    }
    refreshed(&server, &response).await;
}
