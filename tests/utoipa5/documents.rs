//! Tests `#[protected]` above `#[utoipa::path]` of utoipa 5, in a program that has utoipa 5 and
//! utoipa 6.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may panic")]

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum_protected::{Issuer, ProtectedRouter, ResourceServer, ResourceServerBuilder, routing};
use axum_protected_testing::AuthorizationServer;
use axum_protected_tests_utoipa5::items;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use utoipa::{Modify as _, OpenApi as _};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[allow(
    clippy::unused_async,
    dead_code,
    unreachable_pub,
    reason = "a copy, of which the tests need only the document"
)]
mod items_by_utoipa_6 {
    use utoipa6 as utoipa;

    include!("items.rs");
}

/// The parts of an operation that the attributes write.
const PARTS: [&str; 4] = ["security", "description", "responses", "x-access"];

const METHODS: [&str; 3] = ["get", "put", "delete"];

fn parts(operation: &Value) -> [Value; 4] {
    PARTS.map(|part| operation[part].clone())
}

fn server() -> ResourceServer {
    builder().build().unwrap()
}

fn server_with_cookie() -> ResourceServer {
    builder().require_https().token_cookie("__Host-token").build().unwrap()
}

fn builder() -> ResourceServerBuilder {
    ResourceServer::builder()
        .issuer(Issuer::new("https://a.example.com").name("guests"))
        .issuer(Issuer::new("https://b.example.com").name("staff"))
        .issuer(Issuer::new("https://c.example.com").name("own").shared_secret([7; 32]))
        .audience("api")
}

/// The secret of one issuer and the endpoints of another need no network, so that the document has
/// every kind of scheme.
#[tokio::test]
async fn both_releases_document_the_same_access() {
    let security = server_with_cookie().openapi_security().scopes::<items::Scope>();
    let five = items::document(&security);
    let six = items_by_utoipa_6::document(&security);
    let mut compared = 0;
    for (path, item) in five["paths"].as_object().unwrap() {
        for method in METHODS.iter().filter(|method| !item[*method].is_null()) {
            assert_eq!(
                parts(&item[*method]),
                parts(&six["paths"][path][*method]),
                "{method} {path}"
            );
            compared += 1;
        }
    }
    assert_eq!(compared, 6);
    assert_eq!(five["components"], six["components"]);
    assert_eq!(five["components"]["securitySchemes"]["token_cookie"]["in"], "cookie");
    assert!(five["components"]["schemas"]["Item"].is_object());
}

#[tokio::test]
async fn the_document_matches_the_guard() {
    let document = items::document(&server().openapi_security());
    let operation = |path: &str, method: &str| document["paths"][path][method].clone();
    let listed = operation("/items", "get");
    assert_eq!(listed["security"][0], json!({"guests": ["items:read"]}));
    assert_eq!(listed["description"], "Requires scope `items:read` (included in `items:write`).");
    assert_eq!(listed["responses"]["401"], json!({"description": "mine"}));
    assert!(listed["responses"]["403"]["headers"]["WWW-Authenticate"].is_object());
    assert_eq!(listed["tags"], json!(["items"]));
    // This `security(...)` is written by hand.
    assert_eq!(operation("/items", "put")["security"][0], json!({"guests": ["items:write"]}));
    let removed = operation("/items", "delete");
    assert_eq!(removed["x-mine"], 1);
    assert_eq!(removed["x-access"]["requires"]["any"][0], json!({"scope": "items:admin"}));
    assert_eq!(operation("/page", "get")["security"][0], json!({}));
    assert_eq!(operation("/ping", "get")["security"], json!([]));
    assert_eq!(operation("/staff", "get")["security"], json!([{"staff": ["items:read"]}]));
}

#[tokio::test]
async fn a_document_has_the_schemes_that_a_json_document_has() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let one = issuer.resource_server().build().unwrap();
    for security in [server().openapi_security(), one.openapi_security().discover().await] {
        let mut typed = items::Api::openapi();
        security.modify(&mut typed);
        let typed = serde_json::to_value(typed).unwrap();
        let mut written = serde_json::to_value(items::Api::openapi()).unwrap();
        security.apply_to(&mut written);
        assert_eq!(typed, written);
    }
}

#[tokio::test]
async fn the_router_of_utoipa_axum_takes_the_handlers() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let server = issuer.resource_server().build().unwrap();
    let (router, document) = OpenApiRouter::with_openapi(items::Api::openapi())
        .routes(routes!(items::list, items::replace))
        .routes(routes!(items::page))
        .split_for_parts();
    let app = router.with_state(server);
    assert_eq!(status(&app, "").await, StatusCode::UNAUTHORIZED);
    let token = issuer.token().scope("other").sign();
    assert_eq!(status(&app, &token).await, StatusCode::FORBIDDEN);
    let token = issuer.token().scope("items:read").sign();
    assert_eq!(status(&app, &token).await, StatusCode::OK);

    let document = serde_json::to_value(document).unwrap();
    let derived = serde_json::to_value(items::Api::openapi()).unwrap();
    assert_eq!(
        parts(&document["paths"]["/items"]["get"]),
        parts(&derived["paths"]["/items"]["get"])
    );
}

async fn status(app: &Router, token: &str) -> StatusCode {
    let mut request = Request::get("/items");
    if !token.is_empty() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status()
}

#[test]
fn an_access_table_describes_a_document_without_access() {
    let router =
        ProtectedRouter::<ResourceServer>::new().route("/items", routing::get(items::list));
    let mut document = serde_json::to_value(items::WithoutAccess::openapi()).unwrap();
    router.access_table().describe(&mut document).unwrap();
    let described = &document["paths"]["/items"]["get"];
    let attribute = serde_json::to_value(items::Api::openapi()).unwrap();
    let attribute = &attribute["paths"]["/items"]["get"];
    assert_eq!(described["security"], attribute["security"]);
    assert_eq!(described["x-access"], attribute["x-access"]);
    assert_eq!(described["responses"]["403"], attribute["responses"]["403"]);
}
