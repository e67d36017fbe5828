//! Tests the POST requests to the provider.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Response, StatusCode};
use axum_protected::__browser::Provider;
use axum_protected::Issuer;
use axum_protected::fetch::{Fetch, FetchFuture, FetchRequest, FetchResponse};
use axum_protected_testing::{AuthorizationServer, Client};
use axum_protected_tests::issuer::Manner;
use axum_protected_tests::{Reply, ScriptedIssuer, encode, trusting};
use reqwest::Url;

const TOKEN: &str = "/token";
const FORM: &[u8] = b"grant_type=authorization_code&code=c0de";

fn fixed(issuer: &ScriptedIssuer) -> Issuer {
    Issuer::new(issuer.url())
        .jwks(axum_protected_tests::keys().jwks())
        .metadata_url(issuer.at("/metadata"))
}

fn provider(issuer: Issuer) -> Provider {
    Provider::new(&trusting(issuer).build().unwrap(), None).unwrap()
}

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

fn basic() -> HeaderValue {
    HeaderValue::from_static("Basic YmZmOnMzY3JldA==")
}

async fn error(provider: &Provider, to: &str) -> String {
    let posted = provider.post_form(&url(to), Some(basic()), FORM.to_vec()).await;
    let error = posted.unwrap_err().to_string();
    assert!(!error.contains("c0de") && !error.contains("YmZm"), "{error}");
    error
}

#[tokio::test]
async fn the_token_endpoint_of_the_embedded_authorization_server_answers() {
    let client = Client::confidential("nightly", "s3cret");
    let builder = AuthorizationServer::builder().client(client).scopes(["items:read"]);
    let issuer = builder.start().await.unwrap();
    let provider = Provider::new(&issuer.resource_server().build().unwrap(), None).unwrap();
    let token_endpoint = provider.metadata().await.unwrap().token_endpoint.clone();
    let form = b"grant_type=client_credentials&scope=items%3Aread".to_vec();
    let secret = format!("Basic {}", base64("nightly:s3cret"));
    let posted = provider.post_form(&token_endpoint, secret.parse().ok(), form.clone()).await;
    let (status, headers, body) = posted.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(headers["content-type"], "application/json");
    assert!(body.contains("access_token"), "{body}");
    // An error of the provider is a response, not an error of the exchange.
    let (status, _, body) = provider.post_form(&token_endpoint, None, form).await.unwrap();
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body.starts_with(b"{"));
}

fn base64(text: &str) -> String {
    let unpadded = encode(text).replace('-', "+").replace('_', "/");
    let padding = "=".repeat((4 - unpadded.len() % 4) % 4);
    unpadded + &padding
}

#[tokio::test]
async fn the_form_and_the_headers_arrive_and_no_header_of_the_configuration_replaces_them() {
    let issuer = ScriptedIssuer::silent().await;
    issuer.set(TOKEN, Reply::text(400, r#"{"error":"invalid_grant"}"#).header("X-A", "b"));
    let configured =
        fixed(&issuer).header("Authorization", "Bearer metadata").header("X-Key", "k3y");
    let provider = provider(configured);
    let posted = provider.post_form(&url(&issuer.at(TOKEN)), Some(basic()), FORM.to_vec()).await;
    let (status, headers, body) = posted.unwrap();
    assert_eq!((status.as_u16(), &*body), (400, &br#"{"error":"invalid_grant"}"#[..]));
    assert_eq!(headers["x-a"], "b");
    let request = issuer.requests().pop().unwrap();
    assert_eq!((&*request.method, request.body.as_bytes()), ("POST", FORM));
    let lines: Vec<_> =
        request.headers.iter().filter(|(name, _)| name == "authorization").collect();
    assert_eq!(lines.len(), 1);
    assert_eq!(request.header("authorization"), Some("Basic YmZmOnMzY3JldA=="));
    assert_eq!(request.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(request.header("accept"), Some("application/json"));
    assert_eq!(request.header("x-key"), Some("k3y"));

    // An origin that only the metadata names gets no header of the configuration.
    let other = ScriptedIssuer::silent().await;
    let to = url(&other.at(TOKEN));
    assert_eq!(provider.post_form(&to, None, FORM.to_vec()).await.unwrap().0.as_u16(), 404);
    let request = other.requests().pop().unwrap();
    assert_eq!((request.header("authorization"), request.header("x-key")), (None, None));
}

#[tokio::test]
async fn a_form_goes_to_no_url_without_tls() {
    let issuer = ScriptedIssuer::silent().await;
    let provider = provider(fixed(&issuer));
    for to in ["http://id.example.com/token", "https://me:s3cret@id.example.com/", "ftp://x/"] {
        let text = error(&provider, to).await;
        assert!(text.ends_with("the URL cannot be requested"), "{text}");
        assert!(!text.contains("s3cret"), "{text}");
    }
    assert_eq!(issuer.connections(), 0);
}

#[tokio::test]
async fn a_redirect_an_endless_and_a_broken_response_are_errors() {
    let issuer = ScriptedIssuer::silent().await;
    let elsewhere = ScriptedIssuer::silent().await;
    let provider = provider(fixed(&issuer));
    let to = issuer.at("/token?key=m4rk3r");
    let path = "/token?key=m4rk3r";
    let redirect = |status| Reply::text(status, "").header("Location", &elsewhere.at(TOKEN));
    for (reply, expected) in [
        (redirect(302), "a redirect, which is not followed (status 302, to the host `127.0.0.1`)"),
        (redirect(307), "a redirect, which is not followed (status 307, to the host `127.0.0.1`)"),
        (Reply::text(200, vec![b' '; 512 * 1024 + 1]), "the response is longer than 512 KiB"),
        (Reply::text(200, "{}").manner(Manner::Half), "the connection broke"),
        (Reply::cut(), "the connection broke"),
    ] {
        issuer.set(path, reply);
        let text = error(&provider, &to).await;
        let start = format!("no response from `{}`: ", issuer.at(TOKEN));
        assert!(text.starts_with(&start) && text.contains(expected), "{text}");
    }
    assert_eq!(elsewhere.connections(), 0, "a redirect was followed");
    issuer.set(path, Reply::text(200, vec![b' '; 512 * 1024]));
    let posted = provider.post_form(&url(&to), Some(basic()), FORM.to_vec()).await;
    assert_eq!(posted.unwrap().2.len(), 512 * 1024);
}

#[tokio::test]
async fn a_provider_that_hangs_is_an_error_after_five_seconds() {
    let issuer = ScriptedIssuer::silent().await;
    issuer.set(TOKEN, Reply::never());
    let provider = provider(fixed(&issuer));
    let to = issuer.at(TOKEN);
    let posted = tokio::spawn(async move { error(&provider, &to).await });
    issuer.wait_for_requests(TOKEN, 1).await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(5)).await;
    let text = posted.await.unwrap();
    assert!(text.ends_with("timed out: no response within 5 s"), "{text}");
}

/// A client of the application that was written before POST was needed.
struct OnlyGet;

impl Fetch for OnlyGet {
    fn fetch(&self, request: FetchRequest) -> FetchFuture<'_> {
        let answered = FetchResponse::new(request.url(), Response::new(Body::empty()));
        Box::pin(async { Ok(answered) })
    }
}

/// A client of the application that echoes the body from another URL if the form says so.
struct Echo;

impl Fetch for Echo {
    fn fetch(&self, _: FetchRequest) -> FetchFuture<'_> {
        panic!("only POST requests are sent")
    }

    fn post(&self, request: FetchRequest, body: Bytes) -> FetchFuture<'_> {
        assert!(request.headers()["authorization"].is_sensitive());
        let from = if body == "moved" { "https://evil.example.com/" } else { request.url() };
        let answered = FetchResponse::new(from, Response::new(Body::from(body)));
        Box::pin(async { Ok(answered) })
    }
}

#[tokio::test]
async fn a_client_of_the_application_sends_the_form_or_names_the_missing_method() {
    let issuer = || {
        Issuer::new("https://id.example.com")
            .jwks(axum_protected_tests::keys().jwks())
            .metadata_url("https://id.example.com/metadata")
    };
    let to = "https://id.example.com/token";
    let server = trusting(issuer()).fetch(OnlyGet).build().unwrap();
    let text = error(&Provider::new(&server, None).unwrap(), to).await;
    assert!(text.ends_with("sends no POST requests: implement `Fetch::post`"), "{text}");

    let server = trusting(issuer()).fetch(std::sync::Arc::new(Echo)).build().unwrap();
    let provider = Provider::new(&server, None).unwrap();
    let echoed = provider.post_form(&url(to), Some(basic()), FORM.to_vec()).await.unwrap();
    assert_eq!(echoed.2, FORM);
    let moved = provider.post_form(&url(to), Some(basic()), b"moved".to_vec()).await;
    let text = moved.unwrap_err().to_string();
    assert!(text.contains("so it followed a redirect"), "{text}");
}
