//! Tests the access table, and every route with insufficient tokens in the header.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Extension;
use axum::extract::ConnectInfo;
use axum_protected::{ResourceServer, Scopes};
use axum_protected_browser::BrowserBackend;
use axum_protected_testing::{AuthorizationServer, assert_unchanged};

use super::notes;

const PUBLIC_URL: &str = "http://localhost:3000";

fn server(issuer: &AuthorizationServer) -> ResourceServer {
    issuer.resource_server().public_url(PUBLIC_URL).require_https().build().unwrap()
}

fn backend(server: &ResourceServer) -> BrowserBackend {
    BrowserBackend::builder(server)
        .client_id("notes-app")
        .scopes(notes::Scope::ALL.iter().map(|scope| scope.name))
        .build()
        .unwrap()
}

#[tokio::test]
async fn the_access_table_equals_the_reviewed_file() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let routes = notes::all_routes(&backend(&server(&issuer)));
    assert_unchanged(routes.access_table(), "notes-app/access.json");
}

#[tokio::test]
async fn every_route_refuses_insufficient_tokens() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let server = server(&issuer);
    let backend = backend(&server);
    let peer = ConnectInfo(SocketAddr::from((Ipv4Addr::LOCALHOST, 1)));
    // The server accepts tokens from this machine only, because it requires https.
    let app = notes::app(server, &backend).unwrap().layer(Extension(peer));
    let routes = notes::all_routes(&backend);
    // `/logout` demands evidence of the same origin.
    let report =
        issuer.access_matrix(&app, routes.access_table()).header("origin", PUBLIC_URL).await;
    assert_eq!(report.unwrap().untried().count(), 0);
}
