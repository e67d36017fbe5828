//! Tests the headers that the configuration adds to the requests to an issuer.

use std::time::Duration;

use axum_protected::{Issuer, ResourceServer, ResourceServerBuilder};
use axum_protected_tests::issuer::{JWKS, OPENID};
use axum_protected_tests::{Log, Reply, ScriptedIssuer, ready, trusting};
use serde_json::json;

use super::pass;
use super::roots::file;

fn sent(issuer: &ScriptedIssuer, name: &str) -> Vec<Option<String>> {
    let requests = issuer.requests();
    requests.iter().map(|request| request.header(name).map(str::to_owned)).collect()
}

fn error(server: &ResourceServer) -> Option<String> {
    server.health().issuers[0].last_error.clone()
}

#[tokio::test]
async fn headers_go_to_metadata_and_keys() {
    let issuer = ScriptedIssuer::start().await;
    let configured =
        Issuer::new(issuer.url()).header("X-Api-Key", "k3y").header("User-Agent", "us");
    ready(&trusting(configured).build().unwrap()).await;
    assert_eq!(issuer.paths().last().unwrap(), JWKS);
    assert!(sent(&issuer, "x-api-key").iter().all(|value| value.as_deref() == Some("k3y")));
    assert!(sent(&issuer, "user-agent").iter().all(|value| value.as_deref() == Some("us")));
    let accept = sent(&issuer, "accept");
    assert!(accept.iter().all(|value| value.as_deref() == Some("application/json")));
}

/// A document must not choose who gets the credentials of the configuration.
#[tokio::test]
async fn an_origin_that_only_a_document_names_gets_no_header() {
    let other = ScriptedIssuer::start().await;
    let issuer = ScriptedIssuer::silent().await;
    let metadata = json!({ "issuer": issuer.url(), "jwks_uri": other.at(JWKS) });
    issuer.set(OPENID, Reply::json(&metadata));
    let configured = Issuer::new(issuer.url()).header("Authorization", "Bearer s3cret");
    ready(&trusting(configured).build().unwrap()).await;
    assert_eq!(sent(&other, "authorization"), [None]);
    let first = sent(&issuer, "authorization");
    assert_eq!(first.last().unwrap().as_deref(), Some("Bearer s3cret"));
}

/// The token of a Kubernetes pod is replaced in its file before it expires.
#[tokio::test]
async fn a_header_from_a_file_is_read_for_each_fetch() {
    let issuer = ScriptedIssuer::start().await;
    let path = file("header", "Bearer one\n\n");
    let configured = Issuer::new(issuer.url())
        .jwks_uri(issuer.at(JWKS))
        .header_from_file("Authorization", &path);
    let server = trusting(configured).build().unwrap();
    ready(&server).await;
    std::fs::write(&path, "Bearer two \r\n").unwrap();
    pass(&issuer, Duration::from_secs(10)).await;
    server.reload_keys().await.unwrap();
    let values = sent(&issuer, "authorization");
    assert_eq!(values.first().unwrap().as_deref(), Some("Bearer one"));
    assert_eq!(values.last().unwrap().as_deref(), Some("Bearer two"));

    let requests = issuer.count(JWKS);
    let long = "x".repeat(64 * 1024 + 1);
    for (content, expected) in [
        (None, "No such file"),
        (Some(""), "it is empty"),
        (Some(" \n"), "it is empty"),
        (Some("s3cret\nX-Injected: 1"), "a line break"),
        (Some(long.as_str()), "it is longer than 65536 bytes"),
    ] {
        std::fs::remove_file(&path).ok();
        if let Some(content) = content {
            std::fs::write(&path, content).unwrap();
        }
        pass(&issuer, Duration::from_secs(10)).await;
        let text = server.reload_keys().await.unwrap_err().to_string();
        assert!(text.contains("the request header `authorization`"), "{text}");
        assert!(text.contains(&path.display().to_string()) && text.contains(expected), "{text}");
        assert!(!text.contains("s3cret"), "{text}");
    }
    assert_eq!(issuer.count(JWKS), requests, "a request without its header");
    std::fs::write(&path, "Bearer three").unwrap();
    pass(&issuer, Duration::from_secs(10)).await;
    server.reload_keys().await.unwrap();
    assert_eq!(error(&server), None);
}

/// The file of a Kubernetes token contains the token alone.
#[tokio::test]
async fn a_prefix_is_put_before_the_content_of_a_file() {
    let path = file("token", "t0ken\n");
    let issuer = ScriptedIssuer::start().await;
    let in_code = Issuer::new(issuer.url()).bearer_token_file(&path);
    ready(&trusting(in_code).build().unwrap()).await;
    let headers = json!({ "authorization": { "file": path, "prefix": "Bearer " } });
    let settings = json!({
        "issuers": [{ "issuer": issuer.url(), "headers": headers }],
        "audiences": ["api"],
    });
    let builder: ResourceServerBuilder = serde_json::from_value(settings).unwrap();
    ready(&builder.build().unwrap()).await;
    let values = sent(&issuer, "authorization");
    assert!(values.iter().all(|value| value.as_deref() == Some("Bearer t0ken")), "{values:?}");
}

#[tokio::test]
async fn the_values_of_headers_are_never_shown() {
    let (log, _guard) = Log::open();
    let issuer = ScriptedIssuer::silent().await;
    let configured = Issuer::new(issuer.url()).header("X-Api-Key", "s3cret");
    let builder = trusting(configured);
    let shown = format!("{builder:?}");
    let server = builder.build().unwrap();
    let reload = server.reload_keys().await.unwrap_err();
    let health = serde_json::to_string(&server.health()).unwrap();
    for text in [shown, format!("{server:?} {reload:?} {reload}"), health, log.text()] {
        assert!(!text.contains("s3cret"), "{text}");
    }
}

#[test]
fn headers_are_read_from_a_file_of_settings() {
    let of = |headers: serde_json::Value| {
        let issuer = json!({ "issuer": "https://id.example.com", "headers": headers });
        let settings = json!({ "issuers": [issuer], "audiences": ["api"] });
        let builder: Result<ResourceServerBuilder, _> = serde_json::from_value(settings);
        builder
            .map_err(|error| error.to_string())
            .and_then(|builder| builder.build().map(drop).map_err(|error| error.to_string()))
    };
    assert_eq!(of(json!({ "x-key": "s3cret", "authorization": { "file": "/run/token" } })), Ok(()));
    let cases = [
        (json!({ "x-key": 7 }), "expected the text of the header"),
        (json!({ "x-key": { "path": "/run/token" } }), "expected the text of the header"),
        (json!({ "x-key": { "file": "/t", "s3cret": 1 } }), "expected the text of the header"),
        (json!({ "x-key": "" }), "the header \"x-key\" of the issuer"),
        (json!({ "x-key": "s3cret\r\nx: y" }), "the header \"x-key\" of the issuer"),
        (json!({ "X-Key": "a", "x-key": "b" }), "is set twice"),
        (json!({ "x-key": { "file": "/t", "prefix": "\r\n" } }), "has a `prefix`"),
        (json!({ "": "a" }), "is not the name of a header"),
        (json!({ "x\r\ny": "a" }), "is not the name of a header"),
        (json!({ "Host": "a" }), "the header \"Host\" of the issuer"),
        (json!({ "if-none-match": "a" }), "cannot be set"),
        (json!({ "Content-Length": "5" }), "cannot be set"),
    ];
    for (headers, expected) in cases {
        let problem = of(headers).unwrap_err();
        assert!(problem.contains(expected), "{problem}");
        assert!(!problem.contains("s3cret") && !problem.contains('\r'), "{problem}");
    }
}
