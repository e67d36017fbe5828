//! Tests the access rules of the orders API, and the program as a process.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test may fail")]

#[path = "../orders-api/orders/mod.rs"]
mod orders;
#[path = "program/printed_requests.rs"]
mod printed_requests;
mod program;

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum_protected_testing::{AuthorizationServer, Case, TokenBuilder, assert_unchanged};
use tower::ServiceExt;

use self::program::Running;

const ORDER: &str = r#"{"item":"widget","quantity":3}"#;

/// The application, which the tests call without a socket.
struct Api {
    issuer: AuthorizationServer,
    app: Router,
}

impl Api {
    async fn start() -> Self {
        let issuer = AuthorizationServer::start().await.unwrap();
        let server = issuer.resource_server().build().unwrap();
        let app = orders::app(server).unwrap();
        Self { issuer, app }
    }

    async fn assert_status(&self, method: &str, path: &str, cases: &[(&str, TokenBuilder, u16)]) {
        for (caller, token, status) in cases {
            let answer = self.status(method, path, token).await;
            assert_eq!(answer, *status, "{method} {path} by {caller}");
        }
    }

    /// Starts the API with order 1, which belongs to `alice`.
    async fn with_order() -> Self {
        let api = Self::start().await;
        let alice = api.user("alice", "orders:write");
        assert_eq!(api.status("POST", "/api/orders", &alice).await, 201);
        api
    }

    fn user(&self, subject: &str, scope: &str) -> TokenBuilder {
        self.issuer.token().subject(subject).scope(scope)
    }

    async fn status(&self, method: &str, path: &str, token: &TokenBuilder) -> u16 {
        let token = token.clone().sign();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("Authorization", format!("Bearer {token}"))
            .header("Content-Type", "application/json")
            .body(Body::from(ORDER));
        let response = self.app.clone().oneshot(request.unwrap()).await;
        response.unwrap().status().as_u16()
    }
}

#[test]
fn the_access_table_equals_the_reviewed_file() {
    let routes = orders::routes();
    let table = routes.access_table();
    assert_unchanged(table, "orders-api/access.json");
}

#[tokio::test]
async fn every_route_refuses_insufficient_tokens() {
    let api = Api::with_order().await;
    let routes = orders::routes();
    let order = |case: Case, subject| case.path("/api/orders/1").subject(subject);
    let report = api
        .issuer
        .access_matrix(&api.app, routes.access_table())
        // An order that does not exist, so that no request of the matrix removes the order of `alice`.
        .path_value("id", "999")
        .case("GET /api/orders/{id}", order(Case::granted(), "alice"))
        .case("GET /api/orders/{id}", order(Case::denied(), "bob"))
        .case("PUT /api/orders/{id}", order(Case::granted(), "alice"))
        .case("PUT /api/orders/{id}", order(Case::denied(), "bob"))
        .case("DELETE /api/orders/{id}", order(Case::denied(), "bob"))
        .case("DELETE /api/orders/{id}", order(Case::granted(), "alice"))
        .await;
    assert_eq!(report.unwrap().untried().count(), 0);
}

#[tokio::test]
async fn an_order_is_visible_to_its_owner_support_and_the_admin() {
    let api = Api::with_order().await;
    let support = api.user("dave", "orders:read");
    let cases = [
        ("the owner", api.user("alice", "orders:read"), 200),
        ("the owner without scope", api.user("alice", ""), 403),
        ("another user", api.user("bob", "orders:write"), 403),
        ("support", support.claim("roles", ["support"]), 200),
        ("the admin", api.user("carol", "orders:admin"), 200),
    ];
    api.assert_status("GET", "/api/orders/1", &cases).await;
}

#[tokio::test]
async fn an_order_can_be_changed_by_its_owner_and_the_admin() {
    let api = Api::with_order().await;
    let support = api.user("dave", "orders:write");
    let cases = [
        ("the owner", api.user("alice", "orders:write"), 200),
        ("the owner with the read scope", api.user("alice", "orders:read"), 403),
        ("another user", api.user("bob", "orders:write"), 403),
        ("support", support.claim("roles", ["support"]), 403),
        ("the admin", api.user("carol", "orders:admin"), 200),
    ];
    api.assert_status("PUT", "/api/orders/1", &cases).await;
}

#[tokio::test]
async fn a_missing_order_is_a_404_only_with_the_required_scope() {
    let api = Api::start().await;
    let reader = ("a reader", api.user("alice", "orders:read"), 404);
    let admin = ("the admin", api.user("carol", "orders:admin"), 404);
    let without_scope = ("a caller without scope", api.user("bob", ""), 403);
    let cases = [reader, admin, without_scope];
    api.assert_status("GET", "/api/orders/1", &cases).await;

    let writer = ("a writer", api.user("alice", "orders:write"), 404);
    let admin = ("the admin", api.user("carol", "orders:admin"), 404);
    let reader = ("a reader", api.user("alice", "orders:read"), 403);
    let cases = [writer, admin, reader];
    api.assert_status("PUT", "/api/orders/1", &cases).await;
}

#[tokio::test]
async fn removing_an_order_requires_a_recent_strong_sign_in() {
    let api = Api::with_order().await;
    let [now, earlier] = [0, 301].map(Duration::from_secs);
    let alice = || api.user("alice", "orders:write");
    let bob = api.user("bob", "orders:write").authenticated("phr", now);
    let cases = [
        ("the owner without `auth_time`", alice(), 401),
        ("the owner, earlier", alice().authenticated("phr", earlier), 401),
        ("the owner, by password", alice().authenticated("pwd", now), 401),
        ("another user", bob, 403),
        ("the owner", alice().authenticated("phr", now), 204),
        ("the owner again", alice().authenticated("phr", now), 404),
    ];
    api.assert_status("DELETE", "/api/orders/1", &cases).await;
}

#[tokio::test]
async fn the_report_requires_a_role_or_a_claim() {
    let api = Api::start().await;
    let admin = || api.user("carol", "orders:admin");
    let cases = [
        ("an auditor", admin().claim("roles", ["auditor"]), 200),
        ("finance", admin().claim("department", "finance"), 200),
        ("sales", admin().claim("department", "sales"), 403),
        ("the admin", admin(), 403),
    ];
    api.assert_status("GET", "/api/report", &cases).await;
}

#[tokio::test]
async fn the_printed_requests_get_the_printed_answers() {
    let program = env!("CARGO_BIN_EXE_orders-api");
    let mut program = Running::start_with(program, "ORDERS_API_ADDR", &[]);
    let answers = printed_requests::answers(&mut program).await;
    let expected = [201, 200, 200, 403, 200, 404, 200, 403, 403, 200, 200, 403, 401, 204, 401, 200];
    assert_eq!(answers, expected);
}
