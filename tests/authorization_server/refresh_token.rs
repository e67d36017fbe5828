//! Tests refresh tokens: the server accepts each refresh token once, and a replay invalidates all
//! tokens of its family.

use super::test_client::{Answer, assert_refused, code, redeem, refresh};
use super::{BATCH, PAGE, SECRET, server};

fn refresh_token(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["refresh_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_refresh_returns_a_token_and_the_next_refresh_token() {
    let server = server().await;
    let first = refresh_token(&redeem(&server, &code(&server).await, &[]).await);
    let page = [("client_id", PAGE)];
    let answer = refresh(&server, &first, &page).await;
    let second = refresh_token(&answer);
    assert_ne!(first, second);

    let resource_server = server.resource_server().rfc9068().build().unwrap();
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    let token = resource_server.authenticate(&token).await.unwrap();
    assert_eq!(token.subject(), Some("bob"));

    let less = [("client_id", PAGE), ("scope", "items:read")];
    let answer = refresh(&server, &second, &less).await;
    assert_eq!(answer.json()["scope"], "items:read");
    let third = refresh_token(&answer);
    let more = [("client_id", PAGE), ("scope", "items:read items:admin")];
    assert_refused(&refresh(&server, &third, &more).await, 400, "invalid_scope");

    // After a replay, the server refuses every token of the family, both from the thief and from
    // the client.
    assert_refused(&refresh(&server, &first, &page).await, 400, "invalid_grant");
    assert_refused(&refresh(&server, &third, &page).await, 400, "invalid_grant");
}

#[tokio::test]
async fn a_refresh_token_is_valid_for_its_own_client_only() {
    let server = server().await;
    let token = refresh_token(&redeem(&server, &code(&server).await, &[]).await);
    let batch = [("client_id", BATCH), ("client_secret", SECRET)];
    assert_refused(&refresh(&server, &token, &batch).await, 400, "invalid_grant");
    assert_refused(&refresh(&server, &token, &[]).await, 400, "invalid_request");
    assert_refused(&refresh(&server, "", &[("client_id", PAGE)]).await, 400, "invalid_request");
    assert_refused(&refresh(&server, "a.b", &[("client_id", PAGE)]).await, 400, "invalid_grant");
    refresh_token(&refresh(&server, &token, &[("client_id", PAGE)]).await);
}

#[tokio::test]
async fn a_code_that_is_used_twice_ends_its_refresh_tokens() {
    let server = server().await;
    let code = code(&server).await;
    let token = refresh_token(&redeem(&server, &code, &[]).await);
    assert_refused(&redeem(&server, &code, &[]).await, 400, "invalid_grant");
    let answer = refresh(&server, &token, &[("client_id", PAGE)]).await;
    assert_refused(&answer, 400, "invalid_grant");
}
