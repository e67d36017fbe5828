//! Tests keys between a middleware, a guard around a service, and the handler of one request.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use axum::{RequestExt, Router};
use axum_protected::api_key::ApiKeys;
use axum_protected::policy::{Demand, Operation, Requirement};
use axum_protected::{
    AccessToken, Policy, Presentation, ProtectedLayer, ResourceServer, protected,
};
use tower::ServiceExt;

use super::store::Store;
use super::{entry, fixed, generate, valid_token};

/// The change of a request by the middleware, after it has extracted the identity.
#[derive(Clone)]
enum Change {
    Set(&'static str, String),
    Remove,
    Move,
}

#[derive(Clone)]
struct Middleware {
    server: ResourceServer,
    change: Change,
}

async fn change(
    State(Middleware { server, change }): State<Middleware>,
    mut request: Request,
    next: Next,
) -> Response {
    let seen: AccessToken = request.extract_parts_with_state(&server).await.unwrap();
    let (mut parts, body) = request.into_parts();
    assert_eq!(seen.subject(), Some("ci"));
    match change {
        Change::Set(name, value) => {
            parts.headers.insert(name, HeaderValue::from_str(&value).unwrap());
        }
        Change::Remove => drop(parts.headers.remove("x-api-key")),
        Change::Move => {
            let key = parts.headers.remove("x-api-key").unwrap();
            let line = format!("Bearer {}", key.to_str().unwrap());
            parts.headers.insert("authorization", line.parse().unwrap());
        }
    }
    next.run(Request::from_parts(parts, body)).await
}

#[protected(scope = "items:read")]
async fn caller(token: AccessToken) -> String {
    token.subject().unwrap_or_default().to_owned()
}

async fn answer(router: Router, key: &str) -> (u16, String) {
    let request = Request::get("/").header("x-api-key", key).body(Body::empty()).unwrap();
    let response = router.oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 10_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// The guard judges the request that it gets, and not the identity that a middleware saw.
#[tokio::test]
async fn a_middleware_that_changes_the_credential_changes_the_identity() {
    let (key, other) = (generate(), generate());
    let store = Store::default();
    store.add(key.key());
    store.put(entry(other.key()).subject("deploy"));
    let bearer = format!("Bearer {}", valid_token());
    for (change_of_request, status, expected) in [
        (Change::Set("x-other", "a".to_owned()), 200, "ci"),
        (Change::Set("x-api-key", other.key().to_owned()), 200, "deploy"),
        (Change::Set("x-api-key", "items_wrong".to_owned()), 401, "unknown_api_key"),
        (Change::Set("x-api-key", String::new()), 400, "invalid_request"),
        (Change::Set("authorization", bearer), 400, "invalid_request"),
        (Change::Remove, 401, "missing_token"),
        (Change::Move, 401, "malformed_token"),
    ] {
        // The key is not cached, so the verified identity is attached to the request.
        let server = store.server();
        let middleware = Middleware { server: server.clone(), change: change_of_request };
        let router = Router::new()
            .route("/", get(caller))
            .layer(from_fn_with_state(middleware, change))
            .with_state(server);
        let (found, body) = answer(router, key.key()).await;
        assert_eq!(found, status, "{expected}: {body}");
        assert!(body.contains(expected), "{expected}: {body}");
    }
}

enum ReadFiles {}

impl Policy for ReadFiles {
    type Checks = ();
    const OPERATION: Operation =
        Operation::new("files", Requirement::One(Demand::Scope("items:read")));
}

/// A service behind a guard finds the identity of the key, and no identity of a request that was
/// refused reaches it.
#[tokio::test]
async fn a_service_behind_a_guard_finds_the_identity_of_the_key() {
    let (key, weak) = (generate(), generate());
    let keys = ApiKeys::new().key(entry(key.key())).key(entry(weak.key()).scopes(["other"]));
    let server = fixed().api_keys(keys).build().unwrap();
    let service = async |request: Request| {
        let token = request.extensions().get::<AccessToken>().unwrap();
        assert_eq!(token.presentation(), Presentation::ApiKey);
        token.subject().unwrap().to_owned()
    };
    let layer = ProtectedLayer::<ReadFiles, _>::new(server);
    let router = Router::new().route("/", get(service)).layer(layer);
    assert_eq!(answer(router.clone(), key.key()).await, (200, "ci".to_owned()));
    assert_eq!(answer(router.clone(), weak.key()).await.0, 403);
    assert_eq!(answer(router, "items_wrong").await.0, 401);
}
