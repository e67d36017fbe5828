//! Who may do what with orders, and the program as a user runs it.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test may fail")]

#[path = "../orders-api/orders/mod.rs"]
mod orders;
mod program;

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum_protected_testing::{AuthorizationServer, TokenBuilder, assert_unchanged};
use tower::ServiceExt;

use self::program::Running;

const ORDER: &str = r#"{"item":"widget","quantity":3}"#;

/// The application in this process.
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

    /// With order 1, which is alice's.
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
fn who_may_call_what_is_as_agreed() {
    let routes = orders::routes();
    let table = routes.access_table();
    assert_unchanged(table, "orders-api/access.json");
}

#[tokio::test]
async fn every_route_refuses_what_it_must() {
    let api = Api::start().await;
    let routes = orders::routes();
    let table = routes.access_table();
    api.issuer.access_matrix(&api.app, table).await.unwrap();
}

#[tokio::test]
async fn an_order_is_seen_by_its_owner_and_who_helps() {
    let api = Api::with_order().await;
    let support = api.user("dave", "orders:read");
    let cases = [
        ("the owner", api.user("alice", "orders:read"), 200),
        ("the owner without scope", api.user("alice", ""), 403),
        ("another", api.user("bob", "orders:write"), 403),
        ("support", support.claim("roles", ["support"]), 200),
        ("the admin", api.user("carol", "orders:admin"), 200),
    ];
    api.assert_status("GET", "/api/orders/1", &cases).await;
}

#[tokio::test]
async fn an_order_is_changed_by_its_owner_and_the_admin() {
    let api = Api::with_order().await;
    let support = api.user("dave", "orders:write");
    let cases = [
        ("the owner", api.user("alice", "orders:write"), 200),
        ("the owner to read", api.user("alice", "orders:read"), 403),
        ("another", api.user("bob", "orders:write"), 403),
        ("support", support.claim("roles", ["support"]), 403),
        ("the admin", api.user("carol", "orders:admin"), 200),
    ];
    api.assert_status("PUT", "/api/orders/1", &cases).await;
}

#[tokio::test]
async fn what_is_not_there_is_told_to_whom_it_concerns() {
    let api = Api::start().await;
    let reader = ("a reader", api.user("alice", "orders:read"), 404);
    let admin = ("the admin", api.user("carol", "orders:admin"), 404);
    let nobody = ("who has no scope", api.user("bob", ""), 403);
    let cases = [reader, admin, nobody];
    api.assert_status("GET", "/api/orders/1", &cases).await;

    let writer = ("a writer", api.user("alice", "orders:write"), 404);
    let admin = ("the admin", api.user("carol", "orders:admin"), 404);
    let reader = ("a reader", api.user("alice", "orders:read"), 403);
    let cases = [writer, admin, reader];
    api.assert_status("PUT", "/api/orders/1", &cases).await;
}

#[tokio::test]
async fn an_order_is_removed_by_who_has_just_signed_in() {
    let api = Api::with_order().await;
    let [now, earlier] = [0, 301].map(Duration::from_secs);
    let alice = || api.user("alice", "orders:write");
    let bob = api.user("bob", "orders:write").authenticated("phr", now);
    let cases = [
        ("the owner, nobody knows when", alice(), 401),
        ("the owner, earlier", alice().authenticated("phr", earlier), 401),
        ("the owner, by password", alice().authenticated("pwd", now), 401),
        ("another", bob, 403),
        ("the owner", alice().authenticated("phr", now), 204),
        ("the owner again", alice().authenticated("phr", now), 404),
    ];
    api.assert_status("DELETE", "/api/orders/1", &cases).await;
}

#[tokio::test]
async fn the_report_asks_for_a_role_or_a_claim() {
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
async fn the_printed_requests_give_what_they_say() {
    let program = env!("CARGO_BIN_EXE_orders-api");
    let answers = Running::start(program, "ORDERS_API_ADDR").answers().await;
    let expected = [201, 200, 200, 403, 200, 404, 200, 403, 403, 200, 200, 403, 401, 204, 401, 200];
    assert_eq!(answers, expected);
}
