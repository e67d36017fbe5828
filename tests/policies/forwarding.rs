//! Tests a request that a handler forwards to another handler. The results of a guard hold only for
//! the arguments of its own handler.

use std::collections::HashMap;
use std::convert::Infallible;

use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::routing::any;
use axum::{Extension, Router};
use axum_protected::{AccessToken, Authorized, Policy, check, protected};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tower::ServiceExt;

use crate::api::{Api, AppState};

/// The number of repetitions, large enough that the allocator reuses freed memory.
const TIMES: usize = 100;

#[derive(Policy)]
#[policy(check = owns)]
struct Owner;

/// Returns true if the `owner` in the path is the caller.
#[check]
async fn owns(
    State(state): State<AppState>,
    Path(path): Path<HashMap<String, String>>,
    caller: AccessToken,
) -> bool {
    state.calls.lock().unwrap().push("owns");
    !state.is_closed() && path.get("owner").map(String::as_str) == caller.subject()
}

async fn bare(_: Authorized<Owner>) {}

#[protected(policy = Owner)]
async fn forwarding(Extension(inner): Extension<Router>, request: Request) -> StatusCode {
    inner.oneshot(request).await.unwrap().status()
}

#[protected(policy = Owner)]
async fn with_proof(
    _: Authorized<Owner>,
    Extension(inner): Extension<Router>,
    request: Request,
) -> StatusCode {
    inner.oneshot(request).await.unwrap().status()
}

/// An extractor that changes the path or the token of the request.
struct Changed;

impl<S: Sync> FromRequestParts<S> for Changed {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        if let Some(path) = parts.headers.get("x-path") {
            parts.uri = path.to_str().unwrap().parse().unwrap();
        }
        if let Some(authorization) = parts.headers.remove("x-authorization") {
            parts.headers.insert(AUTHORIZATION, authorization);
        }
        Ok(Self)
    }
}

#[protected(policy = Owner)]
async fn changing(_: Changed, _: Authorized<Owner>) {}

#[protected(policy = Owner)]
async fn sending(Extension(received): Extension<UnboundedSender<Request>>, request: Request) {
    received.send(request).unwrap();
}

/// A handler like `sending`, but without a guard.
async fn bare_sending(
    _: Authorized<Owner>,
    Extension(received): Extension<UnboundedSender<Request>>,
    request: Request,
) {
    received.send(request).unwrap();
}

fn inner(pattern: &str, state: &AppState) -> Router {
    let routes = Router::new().route(pattern, any(bare));
    routes.with_state(state.clone())
}

fn outer(state: &AppState) -> Router {
    let routes = Router::new()
        .route("/forwarding/{owner}/{other}", any(forwarding))
        .route("/with_proof/{owner}/{other}", any(with_proof));
    routes.with_state(state.clone())
}

async fn status(app: Router, path: &str, token: &str) -> u16 {
    let request = Request::get(path)
        .header("Authorization", format!("Bearer {token}"))
        .body(axum::body::Body::empty());
    let response = app.oneshot(request.unwrap()).await.unwrap();
    response.status().as_u16()
}

async fn alice() -> (Api, String) {
    let api = Api::start().await;
    let token = api.issuer.token().subject("alice").sign();
    (api, token)
}

#[tokio::test]
async fn an_inner_handler_runs_its_own_checks() {
    let (api, token) = alice().await;
    let state = &api.state;
    let same = "/{handler}/{owner}/{other}";
    let cases = [
        ("clone of the same state", same, state.clone(), 200),
        ("another state", same, state.closed(), 403),
        ("another pattern", "/{handler}/{other}/{owner}", state.clone(), 403),
    ];
    let mut complaints = Vec::new();
    for (name, pattern, inner_state, expected) in cases {
        let app = outer(state).layer(Extension(inner(pattern, &inner_state)));
        for path in ["/forwarding/alice/bob", "/with_proof/alice/bob"] {
            state.calls.lock().unwrap().clear();
            let status = status(app.clone(), path, &token).await;
            let calls = state.calls.lock().unwrap().len();
            // The check must run once in the guard of the outer handler, even if that handler takes
            // a proof, and once in the inner handler.
            if (status, calls) != (expected, 2) {
                complaints.push(format!("{name}, {path}: {status}, {calls} checks"));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// A handler reuses the result of its guard only for the request that the guard judged.
#[tokio::test]
async fn check_results_hold_for_the_original_request_only() {
    let (api, alice) = alice().await;
    let state = &api.state;
    let bob = format!("Bearer {}", api.issuer.token().subject("bob").sign());
    let app = Router::new().route("/{owner}", any(changing)).with_state(state.clone());
    for (header, value, expected, calls) in
        [("x-other", "/bob", 200, 1), ("x-path", "/bob", 200, 2), ("x-authorization", &bob, 403, 2)]
    {
        state.calls.lock().unwrap().clear();
        let request = Request::get("/alice")
            .header(AUTHORIZATION, format!("Bearer {alice}"))
            .header(header, value)
            .body(axum::body::Body::empty());
        let response = app.clone().oneshot(request.unwrap()).await.unwrap();
        assert_eq!(response.status(), expected, "{header}");
        assert_eq!(state.calls.lock().unwrap().len(), calls, "{header}");
    }
}

async fn received(received: &mut UnboundedReceiver<Request>) -> Request {
    received.recv().await.unwrap()
}

#[tokio::test]
async fn check_results_end_with_the_handler() {
    let (api, token) = alice().await;
    let state = &api.state;
    let (sender, mut receiver) = unbounded_channel();
    let app = Router::new()
        .route("/{owner}", any(sending))
        .with_state(state.clone())
        .layer(Extension(sender.clone()));
    let later = Router::new()
        .route("/{owner}", any(bare_sending))
        .with_state(state.clone())
        .layer(Extension(sender));
    for _ in 0..TIMES {
        state.calls.lock().unwrap().clear();
        assert_eq!(status(app.clone(), "/alice", &token).await, 200);
        let request = received(&mut receiver).await;
        let response = tokio::spawn(later.clone().oneshot(request)).await.unwrap();
        assert_eq!(response.unwrap().status(), 200);
        let _ = received(&mut receiver).await;
        assert_eq!(*state.calls.lock().unwrap(), ["owns", "owns"]);
    }
    let closed = Router::new().route("/{owner}", any(bare_sending)).with_state(state.closed());
    assert_eq!(status(app, "/alice", &token).await, 200);
    let request = received(&mut receiver).await;
    let response = tokio::spawn(closed.oneshot(request)).await.unwrap();
    assert_eq!(response.unwrap().status(), 403);
}
