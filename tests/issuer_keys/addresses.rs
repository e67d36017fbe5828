//! Tests the addresses to which the server sends requests: loopback names, plain http, proxies.

use std::process::Command;

use axum_protected::{Issuer, ResourceServerBuilder};
use axum_protected_tests::issuer::{JWKS, OPENID};
use axum_protected_tests::{AUDIENCE, Log, Reply, ScriptedIssuer, keys, ready, token, trusting};
use serde_json::json;

use super::code;

/// Starts an issuer whose metadata names `http://{host}:{port}`, and returns this identifier.
async fn named(host: &str) -> (ScriptedIssuer, String) {
    let issuer = ScriptedIssuer::silent().await;
    let identifier = issuer.url().replace("127.0.0.1", host);
    let metadata = json!({ "issuer": identifier, "jwks_uri": format!("{identifier}{JWKS}") });
    issuer.set(OPENID, Reply::json(&metadata));
    issuer.set(JWKS, Reply::keys(keys()));
    (issuer, identifier)
}

/// RFC 6761 section 6.3: the resolver of most machines does not know the names below `localhost`.
#[tokio::test]
async fn names_below_localhost_are_loopback() {
    for host in ["localhost", "auth.localhost", "a.b.localhost"] {
        let (_issuer, identifier) = named(host).await;
        let server = trusting(identifier.as_str()).build().unwrap();
        assert_eq!(code(&server, token(&identifier)).await, "ok", "{host}");
    }
}

/// 0.0.0.0 leads to this machine on Linux, and is not an address of loopback.
#[tokio::test]
async fn plain_http_needs_the_opt_in() {
    let (log, _guard) = Log::open();
    let (issuer, identifier) = named("0.0.0.0").await;
    for refused in
        [Issuer::new(&identifier), Issuer::new("acme").jwks_uri(format!("{identifier}{JWKS}"))]
    {
        let problem = trusting(refused).build().unwrap_err().to_string();
        assert!(problem.contains("`insecure_http`"), "{problem}");
    }
    assert_eq!(issuer.connections(), 0);
    assert!(!log.text().contains("insecure_http"));

    let server = trusting(Issuer::new(&identifier).insecure_http()).build().unwrap();
    let events = log.take();
    let event = events.iter().find(|event| event.name == "axum_protected.issuer.insecure_http");
    let event = event.unwrap();
    assert_eq!(event.get("issuer"), Some(identifier.as_str()));
    assert_eq!(event.get("hosts"), Some("0.0.0.0"));
    assert_eq!(code(&server, token(&identifier)).await, "ok");
    assert!(server.health().issuers[0].insecure_http);
    let body = serde_json::to_value(server.health()).unwrap();
    assert_eq!(body["issuers"][0]["insecure_http"], true);
}

#[tokio::test]
async fn without_the_opt_in_a_document_does_not_lead_to_plain_http() {
    let (issuer, elsewhere) = named("0.0.0.0").await;
    let metadata = json!({ "issuer": issuer.url(), "jwks_uri": format!("{elsewhere}{JWKS}") });
    issuer.set(OPENID, Reply::json(&metadata));
    let server = trusting(issuer.url()).build().unwrap();
    assert_eq!(code(&server, issuer.token()).await, "keys_unavailable");
    assert_eq!(issuer.count(JWKS), 0);
    assert!(!server.health().issuers[0].insecure_http);

    let server = trusting(Issuer::new(issuer.url()).insecure_http()).build().unwrap();
    assert_eq!(code(&server, issuer.token()).await, "ok");
}

#[test]
fn the_opt_in_is_a_field_of_the_issuer() {
    let settings = json!({
        "issuers": [{ "issuer": "http://keycloak:8080", "insecure_http": true }],
        "audiences": [AUDIENCE],
    });
    let builder: ResourceServerBuilder = serde_json::from_value(settings).unwrap();
    assert!(builder.build().is_ok());
}

/// The variables of a proxy can only be set for a new process, so this test starts itself again.
#[tokio::test]
async fn a_proxy_gets_the_requests_to_other_machines_only() {
    let proxy = ScriptedIssuer::silent().await;
    let remote = "http://keycloak.example:8080/jwks";
    proxy.set(remote, Reply::keys(keys()));
    let (issuer, identifier) = named("auth.localhost").await;
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args(["--exact", "addresses::behind_a_proxy", "--ignored", "--nocapture"])
        .env("ISSUER", &identifier)
        .env_remove("NO_PROXY")
        .env_remove("no_proxy");
    for variable in ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        child.env(variable, proxy.url());
    }
    let output = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    assert_eq!(proxy.paths(), [remote]);
    assert_eq!(issuer.count(JWKS), 1);
}

#[tokio::test]
#[ignore = "the test above runs it with a proxy in the environment"]
async fn behind_a_proxy() {
    let local = std::env::var("ISSUER").unwrap();
    let remote = Issuer::new("acme").jwks_uri("http://keycloak.example:8080/jwks").insecure_http();
    let secure_loopback = Issuer::new("tls").jwks_uri("https://localhost:1/jwks").optional();
    let server = trusting(local.as_str()).issuer(remote).issuer(secure_loopback).build().unwrap();
    ready(&server).await;
    let health = server.health();
    let tls = health.issuers.iter().find(|issuer| issuer.issuer == "tls").unwrap();
    let error = tls.last_error.clone();
    assert!(error.is_none_or(|error| error.contains("connection refused")));
}
