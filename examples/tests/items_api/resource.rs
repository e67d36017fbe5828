//! Tests the settings about the place of the API: `resource`, `require_https`, `trusted_proxies`.

use axum_protected_testing::AuthorizationServer;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

use super::PROGRAM;
use super::configuration::file;
use super::program::Running;

/// Starts the program with this configuration, and returns it with its origin.
fn start(name: &str, configuration: &Value) -> (Running, String) {
    let path = file(name, &configuration.to_string());
    let mut running =
        Running::start_with(PROGRAM, "ITEMS_API_ADDR", &[("ITEMS_API_CONFIG", &path)]);
    let origin = running.line().strip_prefix("listening on ").unwrap().to_owned();
    (running, origin)
}

fn get(url: String) -> RequestBuilder {
    Client::new().get(url)
}

async fn body(response: Response) -> Value {
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

#[tokio::test]
async fn the_challenge_leads_to_the_metadata() {
    let resource = "http://localhost:3000/api";
    let issuers = json!([{ "issuer": "https://id.invalid" }]);
    let configuration = json!({ "issuers": issuers, "resource": resource });
    let (_running, origin) = start("resource.json", &configuration);

    let refusal = get(format!("{origin}/api/items")).send().await.unwrap();
    let challenge = refusal.headers()["www-authenticate"].to_str().unwrap();
    let path = "/.well-known/oauth-protected-resource/api";
    let parameter = format!("resource_metadata=\"http://localhost:3000{path}\"");
    assert!(challenge.contains(&parameter), "{challenge}");

    let document = get(format!("{origin}{path}")).send().await.unwrap();
    assert_eq!(document.status(), 200);
    assert_eq!(
        body(document).await,
        json!({
            "resource": resource,
            "resource_name": "Items",
            "authorization_servers": ["https://id.invalid"],
            "bearer_methods_supported": ["header"],
            "scopes_supported": ["items:read", "items:write", "revocations:write"],
        })
    );
}

#[tokio::test]
async fn require_https_knows_the_address_of_the_peer() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let token = issuer.token().sign();
    let status = async |name: &str, proxies: Value, header: Option<&str>| {
        let (_running, origin) = start(
            name,
            &json!({
                "issuers": [{ "issuer": issuer.issuer() }],
                "audiences": [issuer.audience()],
                "require_https": true,
                "trusted_proxies": proxies,
            }),
        );
        let request = get(format!("{origin}/api/whoami")).bearer_auth(&token);
        let request = match header {
            Some(protocol) => request.header("x-forwarded-proto", protocol),
            None => request,
        };
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(status("loopback.json", json!([]), None).await, 200);
    assert_eq!(status("silent_proxy.json", json!(["127.0.0.1"]), None).await, 400);
    assert_eq!(status("http_proxy.json", json!(["127.0.0.1"]), Some("http")).await, 400);
    assert_eq!(status("https_proxy.json", json!(["127.0.0.1"]), Some("https")).await, 200);
}
