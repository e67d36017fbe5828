//! Tests requests that change after the server has verified them.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::any;
use axum::{Router, body::Body};
use axum_protected::revocation::Revocation;
use axum_protected::{AccessToken, Authorized, Issuer, Policy, ResourceServer, check, protected};
use axum_protected_testing::TokenBuilder;
use axum_protected_tests::{keys, token, trusting};
use tower::ServiceExt;

use super::{ISSUER, LIFETIME, lasting, whole_seconds};

#[check]
async fn is_alice(token: AccessToken) -> bool {
    token.subject() == Some("alice")
}

#[derive(Policy)]
#[policy(check = is_alice)]
struct Alice;

/// Replaces the header whose name is in `x-name` with the values of `x-new`.
fn swap(headers: &mut HeaderMap) {
    let wanted = headers.remove("x-name");
    let new: Vec<_> = headers.get_all("x-new").iter().cloned().collect();
    if let Some(name) = wanted {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        headers.remove(&name);
        for value in new {
            headers.append(&name, value);
        }
    }
}

/// An extractor that changes the request between the guard and the extractor of the proof.
struct Swap;

impl<S: Sync> FromRequestParts<S> for Swap {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        swap(&mut parts.headers);
        Ok(Self)
    }
}

#[protected(policy = Alice)]
async fn proven(_: Swap, proof: Authorized<Alice>) -> String {
    proof.token().subject().unwrap().to_owned()
}

#[protected]
async fn me(token: AccessToken) -> String {
    token.subject().unwrap().to_owned()
}

/// A middleware that verifies the request and then changes it.
async fn before(
    State(server): State<ResourceServer>,
    _: AccessToken,
    mut request: Request,
    next: Next,
) -> Response {
    if request.headers().contains_key("x-revoke") {
        let revocation = Revocation::token(ISSUER, "j1");
        let until = whole_seconds() + LIFETIME;
        let revoked = server.revocations().revoke(revocation, until);
        revoked.await.unwrap();
    }
    swap(request.headers_mut());
    next.run(request).await
}

fn app(remembered: usize) -> Router {
    let server = trusting(Issuer::new(ISSUER).jwks(keys().jwks()))
        .verified_token_bytes(remembered)
        .websocket_protocol_token()
        .build()
        .unwrap();
    let layered = any(me).layer(from_fn_with_state(server.clone(), before));
    Router::new().route("/me", layered).route("/proven", any(proven)).with_state(server)
}

const PROTOCOL: &str = "sec-websocket-protocol";

fn signed(subject: &str) -> String {
    let token: TokenBuilder = lasting(token(ISSUER));
    token.subject(subject).sign()
}

/// Sends the upgrade request of Alice to an app that replaces the header `name` with the values
/// `new`.
async fn outcome(app: &Router, path: &str, name: &str, new: &[&str]) -> (u16, String) {
    let mut request = Request::get(path)
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("sec-websocket-version", "13")
        .header(PROTOCOL, format!("bearer.{}", signed("alice")))
        .header("x-name", name);
    for value in new {
        request = request.header("x-new", *value);
    }
    let request = request.body(Body::empty()).unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), 10_000).await;
    let text = String::from_utf8(body.unwrap().to_vec()).unwrap();
    let problem = serde_json::from_str::<serde_json::Value>(&text);
    let code = problem.map(|problem| problem["code"].as_str().unwrap().to_owned());
    (status, code.unwrap_or(text))
}

/// The name of the changed header, its new values, and the expected outcomes of `/me` and
/// `/proven`.
type Case<'a> = (&'a str, &'a [&'a str], (u16, &'a str), (u16, &'a str));

#[tokio::test]
async fn a_changed_request_is_judged_anew() {
    let (alice, bob) = (signed("alice"), signed("bob"));
    let [hers, his] = [&alice, &bob].map(|token| format!("bearer.{token}"));
    let his_header = format!("Bearer {bob}");
    let cases: [Case<'_>; 9] = [
        ("x-other", &[], (200, "alice"), (200, "alice")),
        (PROTOCOL, &[&his], (200, "bob"), (403, "denied")),
        (PROTOCOL, &["chat", &his], (200, "bob"), (403, "denied")),
        (PROTOCOL, &["chat"], (401, "missing_token"), (401, "missing_token")),
        (PROTOCOL, &[&hers, &his], (400, "invalid_request"), (400, "invalid_request")),
        (PROTOCOL, &[&alice], (401, "missing_token"), (401, "missing_token")),
        ("upgrade", &[], (401, "missing_token"), (401, "missing_token")),
        ("connection", &["close"], (401, "missing_token"), (401, "missing_token")),
        ("authorization", &[&his_header], (400, "invalid_request"), (400, "invalid_request")),
    ];
    for remembered in [0, 1 << 20] {
        let app = app(remembered);
        for (name, new, me, proven) in cases {
            for (path, expected) in [("/me", me), ("/proven", proven)] {
                let outcome = outcome(&app, path, name, new).await;
                let expected = (expected.0, expected.1.to_owned());
                assert_eq!(outcome, expected, "{path} {name} {}", new.len());
            }
        }
    }
}

/// The handler refuses a token that a middleware revokes, although another extractor verified the
/// token earlier in the same request.
#[tokio::test]
async fn a_token_revoked_during_a_request_is_refused() {
    for remembered in [0, 1 << 20] {
        let app = app(remembered);
        let call = |headers: &[&str]| {
            let request =
                Request::get("/me").header("authorization", format!("Bearer {}", signed("alice")));
            let request =
                headers.iter().fold(request, |request, name| request.header(*name, "yes"));
            app.clone().oneshot(request.body(Body::empty()).unwrap())
        };
        assert_eq!(call(&[]).await.unwrap().status(), 200);
        assert_eq!(call(&["x-revoke"]).await.unwrap().status(), 401);
    }
}
