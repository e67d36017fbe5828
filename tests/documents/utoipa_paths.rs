//! Tests `#[utoipa::path]` below the access attributes, with each way to build a document.

use axum_protected::{
    AccessToken, Issuer, ProtectedRouter, ResourceServer, Scopes, check, protected, public, routes,
};
use axum_protected_testing::AuthorizationServer;
use serde_json::{Value, json};
use utoipa::openapi::OpenApiBuilder;
use utoipa::{Modify, OpenApi, path as described};

#[derive(Scopes)]
enum Scope {
    /// See items
    #[scope("items:read")]
    Read,
    /// Change items
    #[scope("items:write", implies = [Read])]
    Write,
}

#[check]
async fn owns_item() -> bool {
    true
}

/// All items.
///
/// In the order of their names.
#[protected(scope = Scope::Read)]
#[utoipa::path(get, path = "/items", tag = "items", responses((status = 200), (status = 401, description = "mine")))]
async fn list() -> &'static str {
    "items"
}

#[protected(scope = Scope::Write, check = owns_item)]
#[utoipa::path(put, path = "/items")]
async fn replace() {}

#[protected(any(scope = "items:admin", all(scope = "a", role = "auditor")))]
#[cfg_attr(all(), utoipa::path(delete, path = "/items", extensions(("x-mine" = json!(1)))))]
async fn remove() {}

struct Ping;

#[public(reason = "liveness probe")]
#[described(get, impl_for = Ping, path = "/ping")]
#[allow(clippy::unused_async, dead_code, reason = "only its operation is used")]
async fn ping() {}

mod inner {
    use super::*;

    #[protected]
    #[utoipa::path(method(get, head), path = "")]
    pub(super) async fn me() {}
}

#[derive(OpenApi)]
#[openapi(paths(list, replace, remove, inner::me), info(title = "items", version = "1"))]
struct Api;

fn operation(document: &Value, path: &str, method: &str) -> Value {
    document["paths"][path][method].clone()
}

#[test]
fn the_derived_document_matches_the_guard() {
    let document = serde_json::to_value(Api::openapi()).unwrap();
    let listed = operation(&document, "/items", "get");
    assert_eq!(
        listed["security"],
        json!([{"oauth2": ["items:read"]}, {"oauth2": ["items:write"]}])
    );
    assert_eq!(listed["summary"], "All items.");
    assert_eq!(
        listed["description"],
        "In the order of their names.\n\nRequires scope `items:read` (included in `items:write`)."
    );
    assert_eq!(listed["responses"]["401"], json!({"description": "mine"}));
    let forbidden = &listed["responses"]["403"];
    assert!(forbidden["headers"]["WWW-Authenticate"].is_object());
    assert!(forbidden["content"]["application/problem+json"]["schema"].is_object());
    assert!(listed["responses"]["503"]["headers"]["Retry-After"].is_object());

    let replaced = operation(&document, "/items", "put");
    assert_eq!(replaced["security"], json!([{"oauth2": ["items:write"]}]));
    assert_eq!(replaced["description"], "Requires scope `items:write` and check `owns_item`.");

    let removed = operation(&document, "/items", "delete");
    assert_eq!(removed["security"], json!([{"oauth2": ["items:admin"]}, {"oauth2": ["a"]}]));
    assert_eq!(removed["x-mine"], 1);
    assert_eq!(
        removed["x-access"],
        json!({"requires": {"any": [
            {"scope": "items:admin"},
            {"all": [{"scope": "a"}, {"role": "auditor"}]},
        ]}})
    );

    let me = operation(&document, "", "head");
    assert_eq!(me["security"], json!([{"oauth2": []}]));
    assert_eq!(me["responses"]["403"], Value::Null);

    let ping = serde_json::to_value(<Ping as utoipa::Path>::operation()).unwrap();
    assert_eq!(ping["security"], json!([]));
    assert_eq!(ping["description"], "Open to everybody: liveness probe.");
}

#[protected(issuer = "staff", any(scope = "a", role = "b"))]
#[utoipa::path(get, path = "/staff")]
#[allow(clippy::unused_async, dead_code, reason = "only its operation is used")]
async fn staff() {}

#[test]
fn an_issuer_is_named_by_its_security_scheme() {
    let mut document = OpenApiBuilder::new().build();
    let operation = <__path_staff as utoipa::Path>::operation();
    let methods = vec![utoipa::openapi::HttpMethod::Get];
    document.paths.add_path_operation("/staff", methods, operation);
    let server = ResourceServer::builder()
        .issuer(Issuer::new("https://a.example.com").name("guests"))
        .issuer(Issuer::new("https://b.example.com").name("staff"))
        .audience("api");
    let server = tokio::runtime::Runtime::new().unwrap().block_on(async { server.build() });
    server.unwrap().openapi_security().modify(&mut document);
    let document = serde_json::to_value(document).unwrap();
    assert_eq!(operation_of(&document), json!([{"staff": []}]));
}

fn operation_of(document: &Value) -> Value {
    operation(document, "/staff", "get")["security"].clone()
}

#[public(reason = "a page for all")]
#[utoipa::path(get, path = "/page")]
#[allow(clippy::unused_async, dead_code, reason = "only its operation is used")]
async fn page(_: Option<AccessToken>) {}

#[test]
fn an_optional_token_is_documented_as_optional() {
    let operation = <__path_page as utoipa::Path>::operation();
    let operation = serde_json::to_value(operation).unwrap();
    assert_eq!(operation["security"], json!([{}, {"oauth2": []}]));
    assert!(operation["responses"]["401"].is_object());
}

/// A route replaces an earlier description of the same route.
#[test]
fn a_route_replaces_its_earlier_operation() {
    let mut before = Api::openapi();
    for item in before.paths.paths.values_mut() {
        for operation in [&mut item.get, &mut item.put].into_iter().flatten() {
            operation.security = None;
        }
    }
    let router = ProtectedRouter::<ResourceServer>::with_openapi(before);
    let (_, openapi) = router.routes(routes!(list)).split_for_parts().unwrap();
    let document = serde_json::to_value(openapi).unwrap();
    let listed = operation(&document, "/items", "get");
    assert_eq!(listed["security"][0], json!({"oauth2": ["items:read"]}));
    assert_eq!(operation(&document, "/items", "put")["security"], Value::Null);
}

#[tokio::test]
async fn a_router_has_the_routes_and_the_document() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let server = issuer.resource_server().build().unwrap();
    let items = ProtectedRouter::<ResourceServer>::new().routes(routes!(list, replace, remove));
    let router = ProtectedRouter::with_openapi(Api::openapi())
        .nest("/api", items)
        .routes(routes!(inner::me))
        .with_state::<()>(server);
    let table = router.access_table().clone();
    let lines = table.routes().map(|route| format!("{} {}", route.method, route.path));
    assert_eq!(
        lines.collect::<Vec<_>>(),
        ["GET /api/items", "PUT /api/items", "DELETE /api/items", "GET /", "HEAD /"]
    );
    let (app, openapi) = router.split_for_parts().unwrap();
    issuer.access_matrix(&app, &table).await.unwrap();
    let document = serde_json::to_value(openapi).unwrap();
    assert_eq!(operation(&document, "/api/items", "get"), operation(&document, "/items", "get"));
    assert_eq!(document["info"]["title"], "items");
}

/// The router of utoipa-axum takes the same handlers.
#[test]
fn the_router_of_utoipa_axum_has_the_same_document() {
    let (_, openapi) = utoipa_axum::router::OpenApiRouter::<ResourceServer>::new()
        .routes(utoipa_axum::routes!(list, replace, remove))
        .split_for_parts();
    let document = serde_json::to_value(openapi).unwrap();
    let derived = serde_json::to_value(Api::openapi()).unwrap();
    for method in ["get", "put", "delete"] {
        for member in ["security", "description", "x-access", "responses"] {
            let operation = &operation(&document, "/items", method)[member];
            assert_eq!(*operation, derived["paths"]["/items"][method][member], "{method} {member}");
        }
    }
}
