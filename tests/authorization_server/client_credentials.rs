//! Tests the client credentials grant.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::test_client::{assert_refused, posted, send};
use super::{BATCH, PAGE, SECRET, server};

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

#[tokio::test]
async fn a_client_with_a_secret_gets_a_token_for_itself() {
    let server = server().await;
    let resource_server = server.resource_server().rfc9068().build().unwrap();
    let basic = STANDARD.encode("batch:a+secret%3A+100%25");
    let by_header = posted(&server, "/token", &[GRANT, ("scope", "items:write")])
        .header("authorization", format!("Basic {basic}"));
    let in_form =
        [GRANT, ("scope", "items:write"), ("client_id", BATCH), ("client_secret", SECRET)];
    for call in [by_header, posted(&server, "/token", &in_form)] {
        let answer = send(call).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.header("cache-control"), "no-store");
        let response = answer.json();
        assert_eq!(response.get("refresh_token"), None);
        let token = response["access_token"].as_str().unwrap();
        let token = resource_server.authenticate(token).await.unwrap();
        assert_eq!((token.subject(), token.client()), (Some(BATCH), Some(BATCH)));
        assert!(token.has_scope("items:write") && !token.has_scope("items:read"));
    }
}

#[tokio::test]
async fn other_clients_cannot_use_client_credentials() {
    let server = server().await;
    let refused = async |pairs: &[(&str, &str)], status, code| {
        let answer = send(posted(&server, "/token", &[&[GRANT], pairs].concat())).await;
        assert_refused(&answer, status, code);
        let challenged = answer.header("www-authenticate").starts_with("Basic realm=");
        assert_eq!(challenged, status == 401);
        assert!(!answer.body.contains("wrong"));
    };
    refused(&[("client_id", PAGE)], 400, "unauthorized_client").await;
    refused(&[], 400, "invalid_request").await;
    refused(&[("client_id", BATCH)], 401, "invalid_client").await;
    refused(&[("client_id", "wrong")], 401, "invalid_client").await;
    let wrong = [("client_id", BATCH), ("client_secret", "wrong")];
    refused(&wrong, 401, "invalid_client").await;
    let right = [("client_id", BATCH), ("client_secret", SECRET)];
    let unknown = [&right[..], &[("scope", "items:admin")]].concat();
    refused(&unknown, 400, "invalid_scope").await;
    let twice = [&right[..], &[("scope", "items:read"), ("scope", "items:read")]].concat();
    refused(&twice, 400, "invalid_request").await;
}
