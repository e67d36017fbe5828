//! Tests the authorization code flow with PKCE, from the sign-in page to a token that a resource
//! server accepts.

use serde_json::json;

use super::test_client::{
    VERIFIER, agree, assert_refused, authorize, code, posted, redeem, request, send,
};
use super::{BATCH, CALLBACK, SECRET, server};

#[tokio::test]
async fn a_user_consents_and_the_client_gets_a_token() {
    let server = server().await;
    let page = authorize(&server, &[]).await;
    assert_eq!(page.status, 200);

    let back = agree(&server, &page, "bob").await;
    assert_eq!(back.status, 303);
    assert!(back.header("location").starts_with(CALLBACK));
    assert_eq!(back.redirect_parameter("state").as_deref(), Some("a&b=c d"));
    assert_eq!(back.redirect_parameter("iss").as_deref(), Some(server.issuer()));

    let answer = redeem(&server, &back.redirect_parameter("code").unwrap(), &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    let response = answer.json();
    assert_eq!(response["token_type"], "Bearer");
    assert_eq!(response["expires_in"], 3600);
    assert_eq!(response["scope"], "items:read items:write");
    assert!(response["refresh_token"].is_string());

    let resource_server = server.resource_server().rfc9068().build().unwrap();
    let token = response["access_token"].as_str().unwrap();
    let token = resource_server.authenticate(token).await.unwrap();
    assert_eq!(token.subject(), Some("bob"));
    assert_eq!(token.client(), Some("page"));
    assert_eq!(token.scopes().collect::<Vec<_>>(), ["items:read", "items:write"]);
}

#[tokio::test]
async fn scopes_that_were_not_requested_are_not_granted() {
    let server = server().await;
    let page = authorize(&server, &[("scope", "")]).await;
    let back = agree(&server, &page, "bob").await;
    let answer = redeem(&server, &back.redirect_parameter("code").unwrap(), &[]).await;
    let response = answer.json();
    assert_eq!(response.get("scope"), None);
    let resource_server = server.resource_server().build().unwrap();
    let token = response["access_token"].as_str().unwrap();
    let token = resource_server.authenticate(token).await.unwrap();
    assert_eq!(token.scopes().count(), 0);
}

#[tokio::test]
async fn a_code_is_valid_once_and_for_its_own_client() {
    let server = server().await;
    let wrong = [
        ("code", "guess"),
        ("redirect_uri", "http://127.0.0.1:3000/other"),
        ("code_verifier", &VERIFIER.to_lowercase()),
        ("code_verifier", "short"),
    ];
    for replacement in wrong {
        let code = code(&server).await;
        let answer = redeem(&server, &code, &[replacement]).await;
        assert_refused(&answer, 400, "invalid_grant");
    }

    let foreign = [("client_id", BATCH), ("client_secret", SECRET)];
    let answer = redeem(&server, &code(&server).await, &foreign).await;
    assert_refused(&answer, 400, "invalid_grant");

    let code = code(&server).await;
    let good = redeem(&server, &code, &[]).await;
    assert_eq!(good.status, 200);
    assert_refused(&redeem(&server, &code, &[]).await, 400, "invalid_grant");
}

#[tokio::test]
async fn each_code_is_different() {
    let server = server().await;
    let page = authorize(&server, &[]).await;
    let mut codes = Vec::new();
    for _ in 0..2 {
        let back = agree(&server, &page, "bob").await;
        codes.push(back.redirect_parameter("code").unwrap());
    }
    assert_ne!(codes[0], codes[1]);
    assert_eq!(redeem(&server, &codes[1], &[]).await.status, 200);
}

#[tokio::test]
async fn a_token_request_is_a_form_with_each_parameter_once() {
    let server = server().await;
    for missing in ["grant_type", "code", "redirect_uri", "client_id", "code_verifier"] {
        let answer = redeem(&server, "code", &[(missing, "")]).await;
        assert_refused(&answer, 400, "invalid_request");
        assert_eq!(answer.json()["error_description"], format!("`{missing}` is missing"));
    }
    let twice = [("code", "a"), ("code", "b")];
    assert_refused(&redeem(&server, "", &twice).await, 400, "invalid_request");
    let other = [("grant_type", "password")];
    let answer = redeem(&server, "code", &other).await;
    assert_refused(&answer, 400, "unsupported_grant_type");

    let bodies = [
        ("application/json", json!({ "grant_type": "refresh_token" }).to_string()),
        ("application/x-www-form-urlencoded", "a".repeat(20_000)),
    ];
    for (kind, body) in bodies {
        let call = request(&server, "POST", "/token").header("content-type", kind);
        assert_refused(&send(call.body(body)).await, 400, "invalid_request");
    }
    // RFC 6749 section 3.2: the token endpoint accepts only POST, and no parameters in the query.
    let answer = send(request(&server, "GET", "/token")).await;
    assert_eq!(answer.status, 405);
    let answer = send(posted(&server, "/token?grant_type=refresh_token&client_id=page", &[])).await;
    assert_refused(&answer, 400, "invalid_request");
}
