//! Tests the documents of routes behind a guard, which the attributes of the handlers do not know.

use axum::extract::Request;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum_protected::{
    Policy, ProtectedLayer, ProtectedRouter, ResourceServer, Scopes, protected, public, routes,
};
use serde_json::{Value, json};
use utoipa::{Modify, OpenApi};

#[derive(Scopes)]
enum Scope {
    /// See items
    #[scope("items:read")]
    Read,
    /// Change items
    #[scope("items:write", implies = [Read])]
    Write,
}

#[derive(Policy)]
#[policy(scope = "group", role = "staff")]
struct Group;

#[protected(any(scope = "a", scope = "b"))]
async fn one_of_two(request: Request, next: Next) -> Response {
    next.run(request).await
}

/// All items.
///
/// By name.
#[protected(scope = Scope::Read)]
#[utoipa::path(get, path = "/items", responses((status = 200), (status = 401, description = "mine")))]
async fn list() {}

#[protected(scope = Scope::Write)]
#[utoipa::path(put, path = "/items", security(("mine" = ["items:write"])))]
async fn replace() {}

#[public(reason = "a page")]
#[utoipa::path(get, path = "/page")]
async fn page() {}

#[protected]
#[utoipa::path(get, path = "")]
async fn me() {}

#[derive(OpenApi)]
#[openapi(paths(list, replace, page, me), info(title = "items", version = "1"))]
struct Api;

fn server() -> ResourceServer {
    let server = ResourceServer::builder().issuer("https://id.example.com").audience("api");
    tokio::runtime::Runtime::new().unwrap().block_on(async { server.build() }).unwrap()
}

fn items(server: &ResourceServer) -> ProtectedRouter<ResourceServer> {
    ProtectedRouter::new()
        .routes(routes!(list, replace))
        .routes(routes!(page))
        .guard(ProtectedLayer::<Group, _>::new(server.clone()))
}

fn assert_guarded(document: &Value, prefix: &str) {
    let operation =
        |path: &str, method: &str| document["paths"][format!("{prefix}{path}")][method].clone();
    let listed = operation("/items", "get");
    assert_eq!(
        listed["security"],
        json!([{"oauth2": ["group", "items:read"]}, {"oauth2": ["group", "items:write"]}])
    );
    assert_eq!(
        listed["description"],
        "By name.\n\nRequires scope `group` and role `staff` and scope `items:read` (included in `items:write`)."
    );
    assert_eq!(
        listed["x-access"],
        json!({"requires": {"all": [
            {"scope": "group"},
            {"role": "staff"},
            {"scope": "items:read", "included_in": ["items:write"]},
        ]}})
    );
    assert_eq!(listed["responses"]["401"]["description"], "mine");
    assert!(listed["responses"]["403"]["headers"].is_object());
    // The security that the author wrote for the handler does not know the guard.
    let replaced = operation("/items", "put");
    assert_eq!(replaced["security"], json!([{"oauth2": ["group", "items:write"]}]));
    let page = operation("/page", "get");
    assert_eq!(page["security"], json!([{"oauth2": ["group"]}]));
    assert_eq!(page["description"], "Requires scope `group` and role `staff`.");
    assert!(page["responses"]["401"].is_object());
    assert_eq!(
        page["x-access"],
        json!({"requires": {"all": [{"scope": "group"}, {"role": "staff"}]}})
    );
}

#[test]
fn the_document_of_the_routes_has_the_demands_of_guards() {
    let server = server();
    let router = ProtectedRouter::with_openapi(Api::openapi())
        .nest("/api", items(&server))
        .routes(routes!(me))
        .guard(from_fn_with_state(server.clone(), one_of_two))
        .with_state::<()>(server.clone());
    let (_, mut openapi) = router.split_for_parts().unwrap();
    server.openapi_security().name("ours").modify(&mut openapi);
    let document = serde_json::to_value(&openapi).unwrap();
    let security = |path: &str, method: &str| document["paths"][path][method]["security"].clone();
    assert_eq!(security("/", "get"), json!([{"ours": ["a"]}, {"ours": ["b"]}]));
    assert_eq!(
        security("/api/items", "put"),
        json!([{"ours": ["a", "group", "items:write"]}, {"ours": ["b", "group", "items:write"]}])
    );
    assert_eq!(
        security("/api/page", "get"),
        json!([{"ours": ["a", "group"]}, {"ours": ["b", "group"]}])
    );
}

#[test]
fn every_operation_under_a_guard_documents_the_sum() {
    let server = server();
    let nested =
        ProtectedRouter::new().nest("/api", items(&server)).with_state::<()>(server.clone());
    let (_, openapi) = nested.split_for_parts().unwrap();
    assert_guarded(&serde_json::to_value(&openapi).unwrap(), "/api");

    // Routes that were added after the guard, and routes without a guard, stay as they are.
    let after = items(&server).nest("/after", ProtectedRouter::new().routes(routes!(list)));
    let (_, openapi) = after.with_state::<()>(server).split_for_parts().unwrap();
    let document = serde_json::to_value(&openapi).unwrap();
    assert_guarded(&document, "");
    let derived = serde_json::to_value(Api::openapi()).unwrap();
    for member in ["security", "description", "x-access", "responses"] {
        let after = &document["paths"]["/after/items"]["get"][member];
        assert_eq!(*after, derived["paths"]["/items"]["get"][member]);
    }
}

/// A derived document does not know the guard, and `describe` adds its demands.
#[test]
fn a_derived_document_is_completed_by_the_table() {
    let server = server();
    let table = items(&server).access_table().clone();
    let mut document = serde_json::to_value(Api::openapi()).unwrap();
    assert_eq!(document["paths"]["/page"]["get"]["security"], json!([]));
    let mismatch = table.describe(&mut document).unwrap_err();
    assert_eq!(mismatch.to_string().matches("GET").count(), 1, "{mismatch}");
    assert_guarded(&document, "");
    // A second call changes nothing.
    let described = document.clone();
    let _ = table.describe(&mut document);
    assert_eq!(document, described);
}
