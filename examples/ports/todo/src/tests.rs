use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum_protected_testing::{AuthorizationServer, assert_unchanged};
use serde_json::Value;
use tower::ServiceExt;

use crate::{AppState, app, routes};

async fn start() -> (AuthorizationServer, Router) {
    let issuer = AuthorizationServer::start().await.unwrap();
    let server = issuer.resource_server().build().unwrap();
    let app = app(AppState { server, tasks: Arc::default() }).unwrap();
    (issuer, app)
}

#[test]
fn the_access_of_each_route_was_reviewed() {
    assert_unchanged(routes().access_table(), "access.json");
}

#[tokio::test]
async fn each_route_refuses_and_grants_what_the_table_says() {
    let (issuer, app) = start().await;
    let report = issuer.access_matrix(&app, routes().access_table()).await.unwrap();
    assert_eq!(report.untried().count(), 0);
}

#[tokio::test]
async fn the_document_states_the_scopes() {
    let (_issuer, app) = start().await;
    let request = Request::get("/openapi.json").body(Body::empty()).unwrap();
    let body = app.oneshot(request).await.unwrap().into_body();
    let document: Value = serde_json::from_slice(&to_bytes(body, 1 << 20).await.unwrap()).unwrap();

    let security = |path: &str, method: &str| &document["paths"][path][method]["security"][0];
    assert_eq!(security("/tasks", "get")["oauth2"][0], "tasks:read");
    assert_eq!(security("/tasks", "post")["oauth2"][0], "tasks:write");
    assert_eq!(security("/tasks/{index}/done", "put")["oauth2"][0], "tasks:write");
    assert!(document["components"]["securitySchemes"]["oauth2"].is_object());
}
