//! Tests the protected resource metadata (RFC 9728) as a client sees it: the document, its
//! addresses, and the challenges that lead to it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod addresses;
mod challenges;
mod document;
mod methods;
mod possession;
mod several_resources;
mod table;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use axum_protected::routing::get;
use axum_protected::{
    Issuer, ProtectedRouter, ResourceServer, ResourceServerBuilder, Scopes, protected,
};
use axum_protected_tests::{keys, token};
use serde_json::Value;
use tower::ServiceExt;

const ISSUER: &str = "https://id.example.com/realms/acme";
const RESOURCE: &str = "https://api.example.com/v1";
const PATH_FORM: &str = "/.well-known/oauth-protected-resource/v1";
const ROOT_FORM: &str = "/.well-known/oauth-protected-resource";

#[derive(Scopes)]
enum Scope {
    /// See items
    #[scope("items:read")]
    ItemsRead,
    /// Create items
    #[scope("items:write", implies = [ItemsRead])]
    ItemsWrite,
    /// Stay signed in
    #[scope("offline_access")]
    OfflineAccess,
}

#[protected(scope = Scope::ItemsRead)]
async fn list() {}

#[protected(any(scope = Scope::ItemsWrite, all(scope = "items:import", scope = Scope::OfflineAccess)))]
async fn create() {}

/// Returns the builder of a server that needs no network.
fn offline(resource: &str) -> ResourceServerBuilder {
    let issuer = Issuer::new(ISSUER).seed_jwks(keys().jwks());
    ResourceServer::builder().issuer(issuer).resource(resource)
}

fn items() -> ProtectedRouter<ResourceServer> {
    ProtectedRouter::new().route("/v1/items", get(list).post(create))
}

/// Returns an application with two routes and the document.
fn app(server: &ResourceServer) -> Router {
    let metadata = server.resource_metadata().scopes::<Scope>().routes();
    items().merge(metadata).with_state(server.clone()).into_router().unwrap()
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let values: Vec<_> = self.headers.get_all(name).iter().collect();
        assert!(values.len() <= 1, "{name}: {values:?}");
        values.first().map(|value| value.to_str().unwrap())
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

async fn send(app: &Router, request: Request<Body>) -> Answer {
    let response = app.clone().oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Answer { status: head.status.as_u16(), headers: head.headers, body }
}

async fn call(app: &Router, method: &str, path: &str) -> Answer {
    let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    send(app, request).await
}

/// Returns the document that a client finds at this path.
async fn document(app: &Router, path: &str) -> Value {
    let answer = call(app, "GET", path).await;
    assert_eq!(answer.status, 200, "{path}");
    answer.json()
}

/// Returns a valid token for this audience.
fn token_for(audience: &str, scope: &str) -> String {
    token(ISSUER).claim("aud", audience).scope(scope).sign()
}
