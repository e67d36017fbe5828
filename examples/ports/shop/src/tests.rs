use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum_protected::api_key::ApiKeys;
use axum_protected_testing::{AuthorizationServer, assert_unchanged};
use tower::ServiceExt;

use crate::{AppState, app, routes, server};

/// Starts the shop, and returns it with its issuer and the key of the scanner.
async fn start() -> (Router, AuthorizationServer, String) {
    let issuer = AuthorizationServer::start().await.unwrap();
    let scanner = ApiKeys::generate("shop").unwrap();
    let server = server(issuer.resource_server(), scanner.digest()).unwrap();
    let app = app(AppState { server, stock: Arc::default() }).unwrap();
    (app, issuer, scanner.key().to_owned())
}

#[test]
fn the_access_of_each_route_was_reviewed() {
    assert_unchanged(routes().access_table(), "access.json");
}

#[tokio::test]
async fn each_route_refuses_and_grants_what_the_table_says() {
    let (app, issuer, _) = start().await;
    let report = issuer.access_matrix(&app, routes().access_table()).await.unwrap();
    let untried: Vec<_> = report.untried().collect();
    let reason = "it takes API keys only, which the matrix does not send";
    assert_eq!(untried, [format!("PUT /stock/{{item}}: {reason}")]);
}

/// The matrix has no keys.
#[tokio::test]
async fn only_the_scanner_changes_the_stock() {
    let (app, issuer, key) = start().await;
    let token = issuer.token().scope("stock:read stock:write").sign();
    let bearer = format!("Bearer {token}");
    let cases = [
        ("PUT", "X-API-Key", key.as_str(), 204),
        ("PUT", "X-API-Key", "shop_other", 401),
        ("PUT", "Authorization", bearer.as_str(), 403),
        ("GET", "Authorization", bearer.as_str(), 200),
        ("GET", "X-API-Key", key.as_str(), 403),
    ];
    for (method, header, value, expected) in cases {
        let uri = if method == "PUT" { "/stock/nails" } else { "/stock" };
        let request = Request::builder().method(method).uri(uri).header(header, value);
        let request = request.header("Content-Type", "application/json").body(Body::from("7"));
        let response = app.clone().oneshot(request.unwrap()).await.unwrap();
        assert_eq!(response.status(), expected, "{method} with {header}");
    }
}
