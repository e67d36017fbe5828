//! An authorization server with a public and a confidential client, and an API that verifies the
//! tokens of this server. Tests of OAuth clients run this program.
//!
//! `cargo run -p axum-protected-testing --example authorization_server [PORT]` prints the issuer and
//! the address of the API. Without `PORT` the authorization server uses a free port.

use std::error::Error;
use std::net::Ipv4Addr;

use axum::routing::get;
use axum::{Json, Router};
use axum_protected::AccessToken;
use axum_protected_testing::{AuthorizationServer, Client};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// The redirect URI of the public client, a program that may use any port (RFC 8252 section 7.3).
const PROGRAM_CALLBACK: &str = "http://127.0.0.1/callback";

/// The redirect URI of the confidential client.
const SERVICE_CALLBACK: &str = "http://127.0.0.1:3000/callback";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = match std::env::args().nth(1) {
        Some(port) => port.parse().map_err(|_| format!("`{port}` is not a port"))?,
        None => 0,
    };
    let issuer = AuthorizationServer::builder()
        .client(Client::public("program").redirect_uri(PROGRAM_CALLBACK))
        .client(Client::confidential("service", "a secret: 100%").redirect_uri(SERVICE_CALLBACK))
        .scopes(["items:read", "items:write"])
        .port(port)
        .start()
        .await?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = format!("http://{}", listener.local_addr()?);
    // The API has two audiences: that of a client that requests no resource, and its own address.
    let server = issuer.resource_server().audience(format!("{address}/")).build()?;
    println!("issuer {}", issuer.issuer());
    println!("api {address}");
    axum::serve(listener, Router::new().route("/whoami", get(whoami)).with_state(server)).await?;
    Ok(())
}

/// Returns the subject, the client and the scopes of the token.
async fn whoami(token: AccessToken) -> Json<Value> {
    let scopes: Vec<&str> = token.scopes().collect();
    Json(json!({ "subject": token.subject(), "client": token.client(), "scopes": scopes }))
}
