//! Requests as a browser sends them, without a socket: the extensions say how they came.

use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, Response};
use axum_protected::server::TlsConnection;
use axum_protected_tests::{Answer, refused};
use tower::ServiceExt;

/// The host that serves the application.
pub(crate) const HOST: &str = "api.example.com";

/// The name and the value of a header.
pub(crate) type Line<'a> = (&'a str, &'a str);

/// The headers of a handshake that opens a websocket.
pub(crate) const HANDSHAKE: [Line<'static>; 4] = [
    ("connection", "keep-alive, Upgrade"),
    ("upgrade", "websocket"),
    ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ("sec-websocket-version", "13"),
];

/// Returns a request that came over TLS.
pub(crate) fn request(method: &str, path: &str, lines: &[Line<'_>]) -> Request<Body> {
    let mut request = unmarked(method, path, lines);
    request.extensions_mut().insert(TlsConnection);
    request
}

/// Returns a request that came from this peer without TLS.
pub(crate) fn request_from(peer: &str, path: &str, lines: &[Line<'_>]) -> Request<Body> {
    let mut request = unmarked("GET", path, lines);
    let address = SocketAddr::new(peer.parse().unwrap(), 50_000);
    request.extensions_mut().insert(ConnectInfo(address));
    request
}

fn unmarked(method: &str, path: &str, lines: &[Line<'_>]) -> Request<Body> {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let mut request = Request::builder().method(method).uri(path);
    if lines.iter().all(|(name, _)| *name != "host") {
        request = request.header("host", HOST);
    }
    let request = lines
        .iter()
        .fold(request, |request, (name, value)| request.header(*name, value.as_bytes()));
    request.body(Body::empty()).unwrap()
}

/// Sends a request and returns the whole response.
pub(crate) async fn send(app: &Router, request: Request<Body>) -> Answer {
    let method = request.method().to_string();
    let response = app.clone().oneshot(request).await.unwrap();
    answer(method, response).await
}

async fn answer(method: String, response: Response<Body>) -> Answer {
    let (parts, body) = response.into_parts();
    let lines = lines(&parts.headers);
    let head: Vec<_> = lines.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    Answer {
        method,
        status: parts.status.as_u16(),
        headers: lines,
        head: head.concat().into_bytes(),
        body: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
    }
}

fn lines(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    headers.iter().map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect()
}

/// Sends a request and returns the code of its refusal, or `None` for a request that was accepted.
/// Checks the form of the refusal.
pub(crate) async fn code(app: &Router, request: Request<Body>) -> Option<String> {
    let answer = send(app, request).await;
    if answer.is_success() || answer.status == 101 {
        return None;
    }
    if answer.method == "HEAD" {
        return Some(answer.status.to_string());
    }
    let code = answer.value()["code"].as_str().unwrap().to_owned();
    refused(&answer, answer.status, &code);
    Some(code)
}
