//! Tests the behaviour of the token endpoint that a test can choose.

use std::time::Duration;

use axum_protected_testing::{AuthorizationServer, TokenEndpoint};
use tokio::time::{Instant, timeout};

use super::test_client::{Answer, assert_refused, refresh, sign_in};
use super::{PAGE, server};

async fn refresh_token(server: &AuthorizationServer) -> String {
    sign_in(server, &[]).await["refresh_token"].as_str().unwrap().to_owned()
}

async fn refreshed(server: &AuthorizationServer, token: &str) -> Answer {
    refresh(server, token, &[("client_id", PAGE)]).await
}

/// Sends a refresh request that has no answer within this time.
async fn unanswered(server: &AuthorizationServer, token: &str) {
    let answer = timeout(Duration::from_millis(200), refreshed(server, token)).await;
    assert!(answer.is_err());
}

#[tokio::test]
async fn a_failing_endpoint_leaves_the_refresh_token_valid() {
    let server = server().await;
    let token = refresh_token(&server).await;
    server.set_token_endpoint(TokenEndpoint::Unavailable);
    assert_eq!(refreshed(&server, &token).await.status, 503);
    server.set_token_endpoint(TokenEndpoint::InvalidGrant);
    assert_refused(&refreshed(&server, &token).await, 400, "invalid_grant");
    server.set_token_endpoint(TokenEndpoint::Silent);
    unanswered(&server, &token).await;
    server.set_token_endpoint(TokenEndpoint::Available);
    assert_eq!(refreshed(&server, &token).await.status, 200);
    assert_eq!(server.refreshes(), 4);
}

#[tokio::test]
async fn a_lost_answer_has_replaced_the_refresh_token() {
    let server = server().await;
    let token = refresh_token(&server).await;
    server.set_token_endpoint(TokenEndpoint::LostAnswer);
    unanswered(&server, &token).await;
    server.set_token_endpoint(TokenEndpoint::Available);
    assert_refused(&refreshed(&server, &token).await, 400, "invalid_grant");
}

#[tokio::test]
async fn a_slow_endpoint_answers_after_its_time() {
    let server = server().await;
    let token = refresh_token(&server).await;
    let time = Duration::from_millis(200);
    server.set_token_endpoint(TokenEndpoint::Slow(time));
    let start = Instant::now();
    assert_eq!(refreshed(&server, &token).await.status, 200);
    assert!(start.elapsed() >= time);
}

#[tokio::test]
async fn only_refresh_requests_are_counted() {
    let server = server().await;
    assert_eq!(server.refreshes(), 0);
    let token = refresh_token(&server).await;
    assert_eq!(server.refreshes(), 0);
    refreshed(&server, &token).await;
    assert_refused(&refreshed(&server, &token).await, 400, "invalid_grant");
    assert_eq!(server.refreshes(), 2);
    assert_eq!(AuthorizationServer::start().await.unwrap().refreshes(), 0);
}
