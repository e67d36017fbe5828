//! Tests routes that serve the OpenAPI document of the router that contains them.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum_protected::openapi::OpenApiDocument;
use axum_protected::routing::get;
use axum_protected::{
    Policy, ProtectedLayer, ProtectedRouter, ResourceServer, protected, public, routes,
};
use axum_protected_testing::AuthorizationServer;
use serde_json::{Value, json};
use tower::ServiceExt;
use utoipa::Modify;
use utoipa::openapi::OpenApi;

#[derive(Policy)]
#[policy(scope = "group")]
struct Group;

#[derive(Policy)]
#[policy(role = "developer")]
struct Developers;

#[protected(scope = "items:read")]
#[utoipa::path(get, path = "/items")]
async fn list() {}

#[public(reason = "a page")]
#[utoipa::path(get, path = "/page")]
async fn page() {}

async fn read(app: &Router, path: &str, token: Option<&str>) -> (u16, Value) {
    let mut request = Request::get(path);
    if let Some(token) = token {
        request = request.header("Authorization", format!("Bearer {token}"));
    }
    let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    if status == 200 {
        assert_eq!(response.headers()["content-type"], "application/json");
    }
    let body = to_bytes(response.into_body(), 100_000).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

#[tokio::test]
async fn the_document_is_the_one_of_the_finished_router() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let server = issuer.resource_server().build().unwrap();
    let document = || OpenApiDocument::of_routes(server.openapi_security().name("ours"));
    let inner = ProtectedRouter::<ResourceServer>::new()
        .openapi_route("/openapi.json", public("API description", document()))
        .routes(routes!(list));
    let router = ProtectedRouter::new()
        .nest("/api", inner)
        .guard(ProtectedLayer::<Group, _>::new(server.clone()))
        .openapi_route("/developers.json", protected(Developers, document()))
        .openapi_route("/openapi.json", public("API description", document()))
        .routes(routes!(page))
        .with_state::<()>(server.clone());
    let table = router.access_table().clone();
    let rows = table.to_string();
    assert!(rows.contains("GET /openapi.json: public (API description) ["), "{rows}");
    assert!(rows.contains("GET /developers.json: role developer ["), "{rows}");
    assert!(rows.contains("GET /api/openapi.json: group ["), "{rows}");
    assert!(table.to_snapshot().contains("GET /openapi.json"));

    let (app, openapi) = router.split_for_parts().unwrap();
    let (status, published) = read(&app, "/openapi.json", None).await;
    assert_eq!(status, 200);
    let mut expected: OpenApi = openapi;
    server.openapi_security().name("ours").modify(&mut expected);
    assert_eq!(published, serde_json::to_value(&expected).unwrap());
    assert_eq!(
        published["paths"]["/api/items"]["get"]["security"],
        json!([{"ours": ["group", "items:read"]}])
    );
    assert_eq!(published["paths"]["/page"]["get"]["security"], json!([]));

    assert_eq!(read(&app, "/developers.json", None).await.0, 401);
    let developer = issuer.token().claim("roles", json!(["developer"])).sign();
    assert_eq!(read(&app, "/developers.json", Some(&developer)).await, (200, published.clone()));
    assert_eq!(read(&app, "/api/openapi.json", Some(&developer)).await.0, 403);
    let member = issuer.token().scope("group").sign();
    assert_eq!(read(&app, "/api/openapi.json", Some(&member)).await, (200, published));
    issuer.access_matrix(&app, &table).await.unwrap();
}

#[tokio::test]
async fn a_document_of_another_generator_is_completed() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let server = issuer.resource_server().build().unwrap();
    let build = |paths: Value| {
        let json = json!({"openapi": "3.1.0", "paths": paths});
        let document = OpenApiDocument::from_json(json, server.openapi_security());
        ProtectedRouter::new()
            .route("/items", get(list))
            .route("/page", get(page))
            .openapi_route("/openapi.json", public("API description", document))
            .guard(ProtectedLayer::<Group, _>::new(server.clone()))
            .with_state::<()>(server.clone())
    };
    let app = build(json!({"/items": {"get": {}}, "/page": {"get": {}}})).into_router().unwrap();
    let member = issuer.token().scope("group").sign();
    let (status, published) = read(&app, "/openapi.json", Some(&member)).await;
    assert_eq!(status, 200);
    let security = &published["paths"]["/items"]["get"]["security"];
    assert_eq!(*security, json!([{"oauth2": ["group", "items:read"]}]));
    assert!(published["components"]["securitySchemes"]["oauth2"].is_object());
    assert_eq!(read(&app, "/openapi.json", None).await.0, 401);

    let error = build(json!({"/items": {"get": {}}, "/gone": {"get": {}}})).into_router();
    let problems = error.unwrap_err().to_string();
    assert!(problems.contains("in the document at `/openapi.json`, "), "{problems}");
    assert!(problems.contains("GET /page") && problems.contains("GET /gone"), "{problems}");
    assert!(!problems.contains("GET /openapi.json"), "{problems}");
}

#[test]
fn clones_of_a_router_serve_one_document() {
    let server = tokio::runtime::Runtime::new().unwrap().block_on(async {
        ResourceServer::builder().issuer("https://id.example.com").audience("api").build().unwrap()
    });
    let document = OpenApiDocument::of_routes(server.openapi_security());
    let router = ProtectedRouter::<ResourceServer>::new()
        .openapi_route("/openapi.json", public("API description", document))
        .routes(routes!(list));
    let other = router.clone().routes(routes!(page));
    assert!(router.clone().into_router().is_ok());
    assert!(router.into_router().is_ok());
    assert_eq!(
        other.into_router().unwrap_err().problems().collect::<Vec<_>>(),
        ["in the document at `/openapi.json`, a clone of the router has another document"]
    );
}
