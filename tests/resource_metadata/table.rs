//! Tests that the routes of the document are declared as public.

use axum::Router;
use axum_protected::ResourceServer;
use axum_protected_testing::AuthorizationServer;
use serde_json::json;

use super::{RESOURCE, ROOT_FORM, Scope, call, items, offline};

#[tokio::test]
async fn the_access_table_shows_the_document_with_a_reason() {
    let server = offline(RESOURCE).build().unwrap();
    let routes = items().merge(server.resource_metadata().routes());
    let table = routes.access_table();
    let row = table.routes().find(|row| row.path.starts_with("/.well-known")).unwrap();
    assert_eq!((row.method, row.path.as_str()), ("*", format!("{ROOT_FORM}/*").as_str()));
    assert_eq!(row.access.to_string(), "public (protected resource metadata (RFC 9728))");
    assert!(row.access.location().file().ends_with("table.rs"), "{row}");
    let snapshot: serde_json::Value = serde_json::from_str(&table.to_snapshot()).unwrap();
    let expected = json!({ "public": "protected resource metadata (RFC 9728)" });
    assert_eq!(snapshot["* /.well-known/oauth-protected-resource/*"], expected);

    // An API document may leave the routes out.
    let mut document = json!({ "openapi": "3.1.0", "paths": {
        "/v1/items": { "get": { "responses": {} }, "post": { "responses": {} } }
    } });
    assert_eq!(table.describe(&mut document), Ok(()));
}

#[tokio::test]
async fn the_access_matrix_reaches_the_document() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let server = issuer.resource_server().resource(RESOURCE).build().unwrap();
    let routes = items().merge(server.resource_metadata().scopes::<Scope>().routes());
    let table = routes.access_table().clone();
    let app = routes.with_state(server).into_router().unwrap();
    issuer.access_matrix(&app, &table).await.unwrap();
}

#[tokio::test]
async fn an_axum_router_gets_the_same_routes() {
    let server = offline(RESOURCE).build().unwrap();
    let metadata = server.resource_metadata().routes::<ResourceServer>().into_router().unwrap();
    let app: Router = Router::new().merge(metadata).with_state(server);
    for path in ["", "/", "/v1", "/v1/"] {
        assert_eq!(call(&app, "GET", &format!("{ROOT_FORM}{path}")).await.status, 200, "{path}");
    }
}
