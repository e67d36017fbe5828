//! Tests a request that a handler forwards to another handler. The results of a guard hold only for
//! the arguments of its own handler.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;

use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
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

/// Returns true if the path parameter `owner` is the subject of the caller's token.
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

/// An extractor that changes the path, the token or the other headers of the request.
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
        parts.headers.remove("x-removed");
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

#[derive(Policy)]
#[policy(check = owns_item)]
struct ItemOwner;

/// Returns true if the caller has the same name as the item in the header `x-item`.
#[check]
async fn owns_item(State(state): State<AppState>, headers: HeaderMap, caller: AccessToken) -> bool {
    state.calls.lock().unwrap().push("owns_item");
    headers.get("x-item").and_then(|item| item.to_str().ok()) == caller.subject()
}

/// An extractor that takes a proof for each item, from a copy of the request head.
struct Copies;

/// An extractor that takes a proof for each item, from the original request head.
struct Replacements;

impl FromRequestParts<AppState> for Copies {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        for item in items(parts) {
            let mut copy = parts.clone();
            prove(&mut copy, state, item).await?;
        }
        Ok(Self)
    }
}

impl FromRequestParts<AppState> for Replacements {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        for item in items(parts) {
            prove(parts, state, item).await?;
        }
        Ok(Self)
    }
}

fn items(parts: &Parts) -> Vec<HeaderValue> {
    parts.headers.get_all("x-items").iter().cloned().collect()
}

async fn prove(parts: &mut Parts, state: &AppState, item: HeaderValue) -> Result<(), Response> {
    parts.headers.insert("x-item", item);
    let proof = Authorized::<ItemOwner>::from_request_parts(parts, state).await;
    proof.map(drop).map_err(IntoResponse::into_response)
}

#[protected(policy = ItemOwner)]
async fn copies(_: Copies) {}

#[protected(policy = ItemOwner)]
async fn copies_and_proof(_: Copies, _: Authorized<ItemOwner>) {}

#[protected(policy = ItemOwner)]
async fn replacements(_: Replacements) {}

#[protected(policy = ItemOwner)]
async fn replacements_and_proof(_: Replacements, _: Authorized<ItemOwner>) {}

type Kept = Extension<UnboundedSender<Request>>;

/// Never returns, so that the guard of this handler exists until the test ends.
#[protected(policy = Owner)]
async fn endless(Extension(kept): Kept, request: Request) {
    kept.send(request).unwrap();
    std::future::pending::<()>().await;
}

#[protected(policy = Owner)]
async fn endless_with_proof(_: Authorized<Owner>, Extension(kept): Kept, request: Request) {
    kept.send(request).unwrap();
    std::future::pending::<()>().await;
}

/// A handler with the arguments of `endless_with_proof`, but without a guard.
async fn bare_keeping_with_proof(
    _: Authorized<Owner>,
    _: Authorized<Owner>,
    Extension(kept): Kept,
    request: Request,
) {
    kept.send(request).unwrap();
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
    for (header, value, expected, calls) in [
        ("x-other", "/bob", 200, 1),
        ("x-path", "/bob", 200, 2),
        ("x-removed", "/bob", 200, 2),
        ("x-authorization", &bob, 403, 2),
    ] {
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

/// Sends a request with these items, and returns the status. The guard checks the item `alice`.
async fn status_of_items(app: &Router, path: &str, token: &str, items: &[&'static str]) -> u16 {
    let mut request = Request::get(path)
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .header("x-item", "alice")
        .body(axum::body::Body::empty())
        .unwrap();
    for item in items {
        request.headers_mut().append("x-items", HeaderValue::from_static(item));
    }
    app.clone().oneshot(request).await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_proof_for_another_header_is_checked() {
    let (api, token) = alice().await;
    let state = &api.state;
    let app = Router::new()
        .route("/copies", any(copies))
        .route("/copies_and_proof", any(copies_and_proof))
        .route("/replacements", any(replacements))
        .route("/replacements_and_proof", any(replacements_and_proof))
        .with_state(state.clone());
    let mut complaints = Vec::new();
    // The number of checks includes the check of the guard.
    for (path, items, expected, checks) in [
        ("/copies", vec!["alice"], 200, 2),
        ("/copies", vec!["alice", "bob"], 403, 3),
        ("/copies_and_proof", vec!["alice"], 200, 2),
        ("/copies_and_proof", vec!["bob"], 403, 2),
        ("/replacements", vec!["alice"], 200, 2),
        ("/replacements", vec!["alice", "bob"], 403, 3),
        ("/replacements_and_proof", vec!["bob"], 403, 2),
        // The item has the value that the guard checked, so the first proof uses up the result of
        // the guard. The proof in the argument needs a second check.
        ("/replacements_and_proof", vec!["alice"], 200, 2),
        ("/replacements_and_proof", vec![], 200, 1),
    ] {
        state.calls.lock().unwrap().clear();
        let status = status_of_items(&app, path, &token, &items).await;
        let calls = state.calls.lock().unwrap().len();
        if (status, calls) != (expected, checks) {
            complaints.push(format!("{path}, {items:?}: {status}, {calls} checks"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// The guard still exists, but the state of its handler has been dropped. The state of the next
/// handler has the same address.
#[tokio::test]
async fn a_guard_outside_its_handler_proves_nothing() {
    let (api, token) = alice().await;
    let state = &api.state;
    let (sender, mut receiver) = unbounded_channel();
    let detached = any(|guard, kept: Kept, request: Request| async {
        tokio::spawn(endless(guard, kept, request));
        StatusCode::ACCEPTED
    });
    let detached_with_proof = any(|guard, proof, kept: Kept, request: Request| async {
        tokio::spawn(endless_with_proof(guard, proof, kept, request));
        StatusCode::ACCEPTED
    });
    let app = Router::new()
        .route("/detached/{owner}", detached)
        .route("/detached_with_proof/{owner}", detached_with_proof)
        .with_state(state.clone());
    let app = app.layer(Extension(sender.clone()));
    let closed = Router::new()
        .route("/detached/{owner}", any(bare_sending))
        .route("/detached_with_proof/{owner}", any(bare_keeping_with_proof))
        .with_state(state.closed())
        .layer(Extension(sender));
    let mut admitted = BTreeMap::new();
    for path in ["/detached/alice", "/detached_with_proof/alice"] {
        let admitted = admitted.entry(path).or_insert(0);
        for _ in 0..TIMES {
            assert_eq!(status(app.clone(), path, &token).await, 202);
            let request = received(&mut receiver).await;
            let response = closed.clone().oneshot(request).await.unwrap();
            *admitted += usize::from(response.status() != 403);
        }
    }
    assert!(admitted.values().all(|&times| times == 0), "{admitted:?}");
}
