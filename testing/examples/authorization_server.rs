//! An authorization server with public and confidential clients, and an API that verifies the tokens
//! of this server. Tests of OAuth clients run this program.
//!
//! `cargo run -p axum-protected-testing --example authorization_server [PORT]` prints the issuer and
//! the address of the API. Without `PORT` the authorization server uses a free port.

use std::error::Error;
use std::net::Ipv4Addr;

use axum::routing::get;
use axum::{Json, Router};
use axum_protected::{AccessToken, Algorithm};
use axum_protected_testing::{AuthorizationServer, Client, ProtectedResource};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// The redirect URI of the public client, a program that may use any port (RFC 8252 section 7.3).
const PROGRAM_CALLBACK: &str = "http://127.0.0.1/callback";

/// The redirect URI of the confidential client.
const SERVICE_CALLBACK: &str = "http://127.0.0.1:3000/callback";

/// The secret of each confidential client, and of each API that asks about tokens.
const SECRET: &str = "a secret: 100%";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = match std::env::args().nth(1) {
        Some(port) => port.parse().map_err(|_| format!("`{port}` is not a port"))?,
        None => 0,
    };
    let issuer = AuthorizationServer::builder()
        .client(Client::public("program").redirect_uri(PROGRAM_CALLBACK))
        .client(Client::confidential("service", SECRET).redirect_uri(SERVICE_CALLBACK))
        .client(Client::confidential("opaque", SECRET).opaque_access_tokens())
        .protected_resource(ProtectedResource::confidential("api", SECRET))
        .protected_resource(
            ProtectedResource::confidential("signing", SECRET)
                .introspection_signed_response_alg(Algorithm::ES256),
        )
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
