//! Tests that a service behind a guard finds the token that this guard verified.

use std::convert::Infallible;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum_protected::{AccessToken, Issuer, Policy, ProtectedLayer, ResourceServer, protected};
use axum_protected_tests::{AUDIENCE, keys, token, trusting};
use serde_json::json;
use tower::ServiceExt;

const ISSUER: &str = "https://id.example.com";

#[derive(Policy)]
#[policy(scope = "items:read")]
struct CanRead;

/// A service that is not a handler. It responds with the subject and the roles of its caller.
async fn service(request: Request) -> Result<Response, Infallible> {
    let caller = request.extensions().get::<AccessToken>();
    let text = caller.map_or_else(
        || "nobody".to_owned(),
        |token| {
            let roles: Vec<_> = token.roles().collect();
            format!("{} {}", token.subject().unwrap_or("a machine"), roles.join(","))
        },
    );
    Ok(text.into_response())
}

/// Returns a server that reads roles from this claim.
fn server(roles: &str) -> ResourceServer {
    let issuer = Issuer::new(ISSUER).jwks(keys().jwks()).roles_claim([roles]);
    trusting(issuer).build().unwrap()
}

fn layer(server: &ResourceServer) -> ProtectedLayer<CanRead, ResourceServer> {
    ProtectedLayer::new(server.clone())
}

fn of(subject: &str, scope: &str) -> String {
    let token = token(ISSUER).subject(subject).scope(scope);
    token.claim("inner", json!(["clerk"])).claim("outer", json!(["admin"])).sign()
}

async fn get_as(app: &Router, path: &str, token: Option<&str>) -> (u16, String) {
    let mut request = Request::get(path);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_service_finds_the_token_of_its_guard() {
    let guarded = Router::new().fallback_service(tower::service_fn(service));
    let app = guarded.layer(layer(&server("inner")));
    let (status, text) = get_as(&app, "/", Some(&of("alice", "items:read"))).await;
    assert_eq!((status, text.as_str()), (200, "alice clerk"));
    assert_eq!(get_as(&app, "/", Some(&of("alice", "other"))).await.0, 403);
    assert_eq!(get_as(&app, "/", None).await.0, 401);
}

/// The inner guard trusts another configuration, in which `admin` is not a role of the caller.
#[tokio::test]
async fn the_inner_guard_replaces_the_token_of_the_outer_guard() {
    let guarded = Router::new().fallback_service(tower::service_fn(service));
    let app = guarded.layer(layer(&server("inner"))).layer(layer(&server("outer")));
    let (status, text) = get_as(&app, "/", Some(&of("alice", "items:read"))).await;
    assert_eq!((status, text.as_str()), (200, "alice clerk"));
}

/// A token that the application inserted itself does not survive the guard.
#[tokio::test]
async fn the_guard_replaces_a_token_that_the_application_inserted() {
    let bob = server("inner").authenticate(&of("bob", "items:read")).await.unwrap();
    let insert = from_fn(move |mut request: Request, next: Next| {
        request.extensions_mut().insert(bob.clone());
        next.run(request)
    });
    let guarded = Router::new().fallback_service(tower::service_fn(service));
    let app = guarded.layer(layer(&server("inner"))).layer(insert);
    let (_, text) = get_as(&app, "/", Some(&of("alice", "items:read"))).await;
    assert_eq!(text, "alice clerk");
    let (status, text) = get_as(&app, "/", None).await;
    assert_eq!(status, 401);
    assert!(!text.contains("bob") && !text.contains(AUDIENCE), "{text}");
}

/// The guard of a handler inserts no token, because a handler extracts it.
#[tokio::test]
async fn a_handler_extracts_its_token() {
    #[protected(scope = "items:read")]
    async fn handler(token: AccessToken, request: Request) -> String {
        let inserted = request.extensions().get::<AccessToken>().is_some();
        format!("{:?} {inserted}", token.subject())
    }
    let app = Router::new().route("/", get(handler)).with_state(server("inner"));
    for _ in 0..2 {
        let (status, text) = get_as(&app, "/", Some(&of("alice", "items:read"))).await;
        assert_eq!((status, text.as_str()), (200, "Some(\"alice\") false"));
    }
}
