//! Tests resource indicators (RFC 8707): the resource of a request is the audience of the token.

use super::test_client::{
    assert_refused, authorize, claims, code_for, posted, redeem, send, sign_in,
};
use super::{BATCH, PAGE, SECRET, server};

const RESOURCE: (&str, &str) = ("resource", "http://127.0.0.1:3100/mcp");

#[tokio::test]
async fn the_audience_is_the_resource_of_the_request() {
    let server = server().await;
    let page = authorize(&server, &[RESOURCE]).await;
    assert!(page.body.contains(&format!("<code>{}</code>", RESOURCE.1)));

    let api = server.resource_server().audience(RESOURCE.1).build().unwrap();
    let other_api = server.resource_server().build().unwrap();
    let code = code_for(&server, &[RESOURCE]).await;
    let response = redeem(&server, &code, &[RESOURCE]).await.json();
    let token = response["access_token"].as_str().unwrap();
    assert_eq!(claims(&response["access_token"])["aud"], RESOURCE.1);
    assert_eq!(api.authenticate(token).await.unwrap().subject(), Some("bob"));
    assert_eq!(other_api.authenticate(token).await.unwrap_err().kind().code(), "wrong_audience");

    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", response["refresh_token"].as_str().unwrap()),
        ("client_id", PAGE),
    ];
    let refreshed = send(posted(&server, "/token", &form)).await.json();
    assert_eq!(claims(&refreshed["access_token"])["aud"], RESOURCE.1);

    let credentials = [
        ("grant_type", "client_credentials"),
        ("client_id", BATCH),
        ("client_secret", SECRET),
        RESOURCE,
    ];
    let response = send(posted(&server, "/token", &credentials)).await.json();
    assert_eq!(claims(&response["access_token"])["aud"], RESOURCE.1);

    let response = sign_in(&server, &[]).await;
    assert_eq!(claims(&response["access_token"])["aud"], server.audience());
}

#[tokio::test]
async fn a_resource_that_was_not_granted_is_refused() {
    let server = server().await;
    let other = ("resource", "http://127.0.0.1:3100/");
    let code = code_for(&server, &[RESOURCE]).await;
    assert_refused(&redeem(&server, &code, &[other]).await, 400, "invalid_target");
    let code = code_for(&server, &[]).await;
    assert_refused(&redeem(&server, &code, &[RESOURCE]).await, 400, "invalid_target");

    let answer = authorize(&server, &[("resource", "/mcp")]).await;
    assert_eq!(answer.redirect_parameter("error").as_deref(), Some("invalid_target"));
    let answer = authorize(&server, &[RESOURCE, RESOURCE]).await;
    assert_eq!(answer.redirect_parameter("error").as_deref(), Some("invalid_request"));
}
