//! Tests an access table that is applied to an existing OpenAPI document.

use axum::extract::Request;
use axum::response::Response;
use axum_protected::routing::{any, delete, get};
use axum_protected::{ProtectedRouter, ResourceServer, protected, public};
use serde_json::{Value, json};

#[protected(scope = "items:read")]
async fn list() {}

#[protected(all(scope = "items:admin", role = "root"))]
async fn remove() {}

#[public(reason = "a | b")]
async fn page() {}

async fn files(request: Request) -> Result<Response, std::convert::Infallible> {
    drop(request);
    Ok(Response::default())
}

fn router() -> ProtectedRouter<ResourceServer> {
    ProtectedRouter::new()
        .route("/items", get(list))
        .route("/items/{id}", delete(remove))
        .route("/any", any(list))
        .nest_service("/files", public("for all", tower::service_fn(files)))
        .fallback(page)
}

fn operation() -> Value {
    json!({"summary": "mine", "responses": {"200": {"description": "ok"}}})
}

#[test]
fn every_operation_documents_its_access_rule() {
    let mut document = json!({"openapi": "3.1.0", "paths": {
        "/items": {"get": operation(), "head": operation(), "parameters": []},
        "/items/{item}": {"delete": {
            "description": "Gone for good.",
            "security": [{"theirs": ["items:admin"]}],
            "responses": {"403": {"description": "theirs"}},
        }},
        "/any": {"put": operation()},
        "/files/logo.png": {"get": operation()},
    }});
    let table = router().access_table().clone();
    table.describe(&mut document).unwrap();
    let at = |pointer: &str| document.pointer(pointer).cloned().unwrap_or_default();
    assert_eq!(at("/paths/~1items/get/security"), json!([{"oauth2": ["items:read"]}]));
    assert_eq!(at("/paths/~1items/get/description"), "Requires scope `items:read`.");
    assert_eq!(at("/paths/~1items/get/summary"), "mine");
    assert_eq!(at("/paths/~1items/head/security"), at("/paths/~1items/get/security"));
    assert_eq!(at("/paths/~1any/put/security"), at("/paths/~1items/get/security"));
    assert_eq!(at("/paths/~1files~1logo.png/get/security"), json!([]));
    let removed = "/paths/~1items~1{item}/delete";
    assert_eq!(at(&format!("{removed}/security")), json!([{"theirs": ["items:admin"]}]));
    assert_eq!(
        at(&format!("{removed}/description")),
        "Gone for good.\n\nRequires scope `items:admin` and role `root`."
    );
    assert_eq!(at(&format!("{removed}/responses/403/description")), "theirs");

    // Applying the table a second time does not change the document.
    let once = document.clone();
    table.describe(&mut document).unwrap();
    assert_eq!(document, once);

    // The access table reports and corrects a manual change of `security` in the document.
    for opened in [json!([]), json!([{}]), json!([{"oauth2": []}]), json!(1)] {
        document["paths"]["/items"]["get"]["security"] = opened;
        let mismatch = table.describe(&mut document).unwrap_err();
        assert_eq!(mismatch.contradicting().collect::<Vec<_>>(), ["GET /items"]);
        assert_eq!(document, once);
    }
    let operation = document["paths"]["/items"]["get"].as_object_mut().unwrap();
    operation.remove("security");
    table.describe(&mut document).unwrap();
    assert_eq!(document, once);
}

#[test]
fn mismatches_are_reported() {
    let mut document = json!({"paths": {
        "/items": {"get": {"security": [{"theirs": []}], "responses": {}}, "post": operation()},
        "/lost": {"get": operation()},
    }});
    let mismatch = router().access_table().describe(&mut document).unwrap_err();
    assert_eq!(
        mismatch.to_string(),
        "the document lacks `DELETE /items/{id}`, `* /any`; \
         the router declares no route for `POST /items`, `GET /lost`; \
         the document had a different `security` for `GET /items`"
    );
    // The document now has the security that the routes enforce.
    assert_eq!(document["paths"]["/items"]["get"]["security"], json!([{"oauth2": ["items:read"]}]));
    assert_eq!(document["paths"]["/items"]["post"], operation());
}

#[test]
fn an_odd_document_never_panics() {
    let table = router().access_table().clone();
    for mut document in [
        json!(null),
        json!([]),
        json!({}),
        json!({"paths": []}),
        json!({"paths": {"/items": 1, "": {}, "{": {"get": 1}, "/{": {"get": {}}}}),
        json!({"paths": {"/items": {"get": {"security": 1, "description": 1, "responses": 1}}}}),
    ] {
        assert!(table.describe(&mut document).is_err());
    }
}

#[test]
fn the_access_page_is_a_markdown_table() {
    let page = router().access_table().to_markdown();
    let lines: Vec<_> = page.lines().collect();
    assert_eq!(lines[0], "| method | path | who may call it | declared at |");
    assert_eq!(lines[1], "| --- | --- | --- | --- |");
    assert!(page.contains(
        "| GET | `/items` | Requires scope `items:read`. | tests/documents/json_document.rs:"
    ));
    assert!(page.contains("| * | `/*` | Open to everybody: a \\| b. | "), "{page}");
}
