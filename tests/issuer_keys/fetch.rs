//! Tests an HTTP client of the application. The rules for responses are those of the server,
//! whatever the client does.

use std::error::Error;
use std::future::pending;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::http::Response;
use axum_protected::fetch::{Fetch, FetchFuture, FetchRequest, FetchResponse};
use axum_protected::{Issuer, ResourceServer};
use axum_protected_tests::{Reply, ScriptedIssuer, bounded, keys, token, trusting};
use futures_core::Stream;

use super::code;

const JWKS: &str = "https://id.example.com/jwks";

type Outcome = Result<FetchResponse, Box<dyn Error + Send + Sync>>;
type Answer = fn(FetchRequest) -> Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// Client that answers with a function and keeps the requests.
#[derive(Clone)]
struct Scripted {
    answer: Answer,
    requests: Arc<Mutex<Vec<FetchRequest>>>,
}

impl Scripted {
    fn new(answer: Answer) -> Self {
        Self { answer, requests: Arc::default() }
    }
}

impl Fetch for Scripted {
    fn fetch(&self, request: FetchRequest) -> FetchFuture<'_> {
        self.requests.lock().unwrap().push(request.clone());
        (self.answer)(request)
    }
}

fn server(client: impl Fetch) -> ResourceServer {
    let issuer = Issuer::new("acme").jwks_uri(format!("{JWKS}?key=m4rk3r")).header("x-key", "k3y");
    trusting(issuer).fetch(client).build().unwrap()
}

fn response(body: Body) -> Response<Body> {
    Response::builder().header("cache-control", "max-age=600").body(body).unwrap()
}

fn ready(
    request: FetchRequest,
    response: Response<Body>,
) -> Pin<Box<dyn Future<Output = Outcome> + Send>> {
    Box::pin(async move { Ok(FetchResponse::new(request.url(), response)) })
}

/// Body without an end, in parts of 100 KiB.
struct Endless(Arc<Mutex<usize>>);

impl Stream for Endless {
    type Item = Result<Vec<u8>, std::io::Error>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut parts = self.0.lock().unwrap();
        *parts += 1;
        assert!(*parts < 10, "the server reads on");
        Poll::Ready(Some(Ok(vec![b' '; 100 * 1024])))
    }
}

/// Body that never arrives.
struct Hanging;

impl Stream for Hanging {
    type Item = Result<Vec<u8>, std::io::Error>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Pending
    }
}

async fn last_error(server: &ResourceServer) -> String {
    let failed = async {
        loop {
            if let Some(error) = server.health().issuers[0].last_error.clone() {
                return error;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    bounded("a failed fetch", failed).await
}

#[tokio::test]
async fn the_client_of_the_application_gets_the_whole_request() {
    let client =
        Scripted::new(|request| ready(request, response(Body::from(keys().jwks().to_string()))));
    let server = server(client.clone());
    assert_eq!(code(&server, token("acme")).await, "ok");
    let requests = client.requests.lock().unwrap();
    let request = &requests[0];
    assert_eq!(request.url(), format!("{JWKS}?key=m4rk3r"));
    assert_eq!(request.headers()["accept"], "application/json");
    assert_eq!(request.headers()["cache-control"], "no-cache");
    assert_eq!(request.headers()["x-key"], "k3y");
    let shown = format!("{request:?} {:?}", request.headers());
    assert!(!shown.contains("k3y") && !shown.contains("m4rk3r"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn the_rules_for_responses_are_those_of_the_server() {
    let cases: [(&str, Answer); 8] = [
        ("a response of another URL", |_| {
            Box::pin(async {
                let body = Body::from(keys().jwks().to_string());
                Ok(FetchResponse::new("https://evil.example.com/jwks", response(body)))
            })
        }),
        ("a response of another URL", |request| {
            let other = request.url().replace("m4rk3r", "other");
            let body = Body::from(keys().jwks().to_string());
            Box::pin(async move { Ok(FetchResponse::new(other, response(body))) })
        }),
        ("a response of another URL", |_| {
            let body = Body::from(keys().jwks().to_string());
            Box::pin(async move { Ok(FetchResponse::new("", response(body))) })
        }),
        ("longer than 512 KiB", |request| {
            ready(request, response(Body::from_stream(Endless(Arc::default()))))
        }),
        ("no response within 5 s", |_| Box::pin(pending())),
        ("not complete within 5 s", |request| ready(request, response(Body::from_stream(Hanging)))),
        ("a redirect, which is not followed", |request| {
            let mut redirect = response(Body::from(keys().jwks().to_string()));
            *redirect.status_mut() = axum::http::StatusCode::TEMPORARY_REDIRECT;
            ready(request, redirect)
        }),
        ("the request failed: no route", |request| {
            let text = format!("no route to {}\r\n", request.url());
            Box::pin(async move { Err(text.into()) })
        }),
    ];
    for (expected, answer) in cases {
        let server = server(Scripted::new(answer));
        let error = last_error(&server).await;
        assert!(error.contains(expected), "{error}");
        assert!(!error.contains("m4rk3r") && !error.contains(char::is_control), "{error}");
        assert_eq!(code(&server, token("acme")).await, "keys_unavailable", "{expected}");
    }
}

/// A client of the application has its own TLS, so settings for TLS would have no effect.
#[test]
fn root_certificates_beside_a_client_are_configuration_errors() {
    let client = || Scripted::new(|_| Box::pin(pending()));
    let pem = super::authority::Authority::new().pem();
    let issuer = Issuer::new("https://id.example.com").root_certificates(pem.as_bytes());
    let problem = trusting(issuer).fetch(client()).build().unwrap_err().to_string();
    assert!(problem.contains("the server has `fetch`"), "{problem}");
    let builder = trusting("https://id.example.com").root_certificates(pem.as_bytes());
    let problem = builder.fetch(client()).build().unwrap_err().to_string();
    assert!(problem.contains("`root_certificates` and `fetch`"), "{problem}");
}

/// The recipe of the guide, with a client that follows redirects although it must not.
struct Wrapped(reqwest::Client);

impl Fetch for Wrapped {
    fn fetch(&self, request: FetchRequest) -> FetchFuture<'_> {
        let (url, headers) = request.into_parts();
        let request = self.0.get(url).headers(headers);
        Box::pin(async move {
            let response = request.send().await?;
            let url = response.url().to_string();
            Ok(FetchResponse::new(url, Response::from(response).map(Body::new)))
        })
    }
}

#[tokio::test]
async fn a_client_that_follows_a_redirect_is_noticed() {
    let client = || Wrapped(reqwest::Client::builder().no_proxy().build().unwrap());
    let issuer = ScriptedIssuer::start().await;
    let server = trusting(issuer.url()).fetch(client()).build().unwrap();
    assert_eq!(code(&server, issuer.token()).await, "ok");

    issuer.set("/other", Reply::keys(keys()));
    issuer.set("/jwks", Reply::text(302, "").header("Location", "/other"));
    let server = trusting(issuer.url()).fetch(client()).build().unwrap();
    assert_eq!(code(&server, issuer.token()).await, "keys_unavailable");
    let error = last_error(&server).await;
    assert!(error.contains("a response of another URL"), "{error}");

    let refused = Issuer::new("acme").jwks_uri("http://localhost:1/jwks");
    let server = trusting(refused).fetch(client()).build().unwrap();
    let error = last_error(&server).await;
    assert!(error.contains("the connection failed: connection refused"), "{error}");
}

/// A client may be shared with the rest of the application.
#[tokio::test]
async fn a_shared_client_can_be_used() {
    let client: Arc<dyn Fetch> = Arc::new(Scripted::new(|request| {
        ready(request, response(Body::from(keys().jwks().to_string())))
    }));
    assert_eq!(code(&server(Arc::clone(&client)), token("acme")).await, "ok");
}
