//! Tests operations that aide describes.

use aide::axum::ApiRouter;
use aide::axum::routing::get;
use aide::openapi::OpenApi;
use axum::Json;
use axum_protected::{AccessToken, ResourceServer, protected, public};
use serde_json::{Value, json};

#[protected(any(scope = "items:read", scope = "items:admin"))]
async fn list(caller: AccessToken) -> Json<Vec<String>> {
    Json(caller.subject().map(str::to_owned).into_iter().collect())
}

#[public(reason = "liveness probe")]
async fn health() -> &'static str {
    "ok"
}

#[test]
fn an_operation_documents_its_guard() {
    aide::generate::infer_responses(true);
    let mut api = OpenApi::default();
    let _: axum::Router<ResourceServer> = ApiRouter::new()
        .api_route("/items", get(list))
        .api_route("/health", get(health))
        .finish_api(&mut api);
    let document = serde_json::to_value(api).unwrap();
    let listed = &document["paths"]["/items"]["get"];
    assert_eq!(
        listed["security"],
        json!([{"oauth2": ["items:read"]}, {"oauth2": ["items:admin"]}])
    );
    assert_eq!(listed["description"], "Requires scope `items:read` or scope `items:admin`.");
    for status in ["200", "400", "401", "403", "503"] {
        assert!(listed["responses"][status].is_object(), "{status}: {listed}");
    }
    let open = &document["paths"]["/health"]["get"];
    assert_eq!(open["security"], Value::Null);
    assert_eq!(open["x-access"], json!({"public": "liveness probe"}));
}
