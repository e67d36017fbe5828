//! Tests the metadata document, CORS and configuration errors.

use axum_protected_testing::{AuthorizationServer, Client};
use serde_json::json;

use super::test_client::{Answer, request, send};
use super::{CALLBACK, server};

const WELL_KNOWN: [&str; 2] =
    ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];

#[tokio::test]
async fn the_endpoints_are_published_where_there_are_clients() {
    let server = server().await;
    for path in WELL_KNOWN {
        let metadata = send(request(&server, "GET", path)).await.json();
        assert_eq!(metadata["issuer"], server.issuer());
        assert_eq!(metadata["authorization_endpoint"], server.authorization_endpoint());
        assert_eq!(metadata["token_endpoint"], server.token_endpoint());
        assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
        assert_eq!(metadata["scopes_supported"][0], "items:read");
        assert_eq!(
            metadata["grant_types_supported"],
            json!(["authorization_code", "refresh_token", "client_credentials"])
        );
    }
}

#[tokio::test]
async fn without_clients_the_endpoints_are_neither_served_nor_published() {
    let started = AuthorizationServer::start().await.unwrap();
    let built = AuthorizationServer::builder().start().await.unwrap();
    for server in [started, built] {
        for path in WELL_KNOWN {
            let body = send(request(&server, "GET", path)).await.body;
            assert!(!body.contains("endpoint") && !body.contains("grant_types"), "{body}");
        }
        for (method, path) in [("GET", "/authorize"), ("POST", "/consent"), ("POST", "/token")] {
            assert_eq!(send(request(&server, method, path)).await.status, 404);
        }
    }
}

#[tokio::test]
async fn cors_allows_only_the_origins_of_clients() {
    let server = server().await;
    let preflight = async |path: &str, origin: &str| {
        let call = request(&server, "OPTIONS", path)
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type,x-requested-with");
        send(call).await
    };
    let allowed = |answer: &Answer| answer.header("access-control-allow-origin").to_owned();
    let answer = preflight("/token", "http://127.0.0.1:3000").await;
    assert_eq!(allowed(&answer), "http://127.0.0.1:3000");
    assert!(answer.header("access-control-allow-methods").contains("POST"));
    assert!(answer.header("access-control-allow-headers").contains("x-requested-with"));
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    for origin in ["http://127.0.0.1:3001", "http://localhost:3000", "null", CALLBACK] {
        assert_eq!(allowed(&preflight("/token", origin).await), "", "{origin}");
    }
    for path in ["/authorize", "/consent"] {
        let answer = preflight(path, "http://127.0.0.1:3000").await;
        assert_eq!((answer.status, allowed(&answer)), (405, String::new()));
    }
    // Error responses have the CORS header too.
    let call = request(&server, "POST", "/token").header("origin", "http://127.0.0.1:3000");
    assert_eq!(allowed(&send(call).await), "http://127.0.0.1:3000");
}

#[tokio::test]
async fn an_invalid_configuration_does_not_start() {
    let builder = AuthorizationServer::builder()
        .client(Client::public("page").redirect_uri("http://app.example.com/"))
        .client(Client::public("page"))
        .scopes(["items read"]);
    let error = builder.start().await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    assert_eq!(
        error.to_string(),
        "the authorization server cannot be started: \
         the scope \"items read\" is not a scope-token; \
         the client `page` is registered twice; \
         the redirect URI `http://app.example.com/` is not https: http is for loopback only; \
         the client `page` has neither a redirect URI nor a secret: it cannot get a token"
    );
}

#[test]
fn debug_output_omits_secrets() {
    let client = Client::confidential("batch", "hidden");
    assert!(!format!("{client:?}").contains("hidden"));
    let builder = AuthorizationServer::builder().client(client);
    assert!(!format!("{builder:?}").contains("hidden"));
}
