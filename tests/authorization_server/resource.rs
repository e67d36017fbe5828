//! Tests resource indicators (RFC 8707): the resource of a request is the audience of the token.

use serde_json::{Value, json};

use super::test_client::{
    assert_refused, authorize, claims, code_for, posted, redeem, refresh, send, sign_in,
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
    let answer = authorize(&server, &[RESOURCE, ("resource", "/mcp")]).await;
    assert_eq!(answer.redirect_parameter("error").as_deref(), Some("invalid_target"));
}

#[tokio::test]
async fn several_resources_are_one_audience_until_a_token_request_names_some() {
    let server = server().await;
    let (a, b, c) = (
        ("resource", "https://a.example.com"),
        ("resource", "https://b.example.com"),
        ("resource", "https://c.example.com"),
    );
    let page = authorize(&server, &[a, b]).await;
    for (_, resource) in [a, b] {
        assert!(page.body.contains(&format!("<code>{resource}</code>")), "{resource}");
    }
    let audience = |token: &Value| claims(&token["access_token"])["aud"].clone();
    // A repetition changes nothing.
    let code = code_for(&server, &[a, b, a]).await;
    let response = redeem(&server, &code, &[]).await.json();
    assert_eq!(audience(&response), json!([a.1, b.1]));
    let named = async |token: &Value, resources: &[(&str, &str)]| {
        let token = token["refresh_token"].as_str().unwrap();
        refresh(&server, token, &[&[("client_id", PAGE)], resources].concat()).await
    };
    assert_refused(&named(&response, &[a, c]).await, 400, "invalid_target");
    let one = named(&response, &[b]).await.json();
    assert_eq!(audience(&one), json!(b.1));
    let all = named(&one, &[]).await.json();
    assert_eq!(audience(&all), json!([a.1, b.1]));

    let code = code_for(&server, &[a, b]).await;
    let one = redeem(&server, &code, &[a]).await.json();
    assert_eq!(audience(&one), json!(a.1));

    let credentials = [
        ("grant_type", "client_credentials"),
        ("client_id", BATCH),
        ("client_secret", SECRET),
        a,
        b,
    ];
    let response = send(posted(&server, "/token", &credentials)).await.json();
    assert_eq!(audience(&response), json!([a.1, b.1]));
    let api = server.resource_server().audience(b.1).build().unwrap();
    assert!(api.authenticate(response["access_token"].as_str().unwrap()).await.is_ok());
}
