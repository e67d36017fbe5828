//! Tests the embedded authorization server over HTTP, as a client or a user would call it.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod authorization_code;
mod client_credentials;
mod metadata;
mod refresh_token;
mod sign_in_page;
mod test_client;

use axum_protected_testing::{AuthorizationServer, Client};

const PAGE: &str = "page";
const CALLBACK: &str = "http://127.0.0.1:3000/callback";
const BATCH: &str = "batch";
const SECRET: &str = "a secret: 100%";

async fn server() -> AuthorizationServer {
    AuthorizationServer::builder()
        .client(Client::public(PAGE).redirect_uri(CALLBACK))
        .client(Client::confidential(BATCH, SECRET))
        .scopes(["items:read", "items:write", "<b>&'"])
        .start()
        .await
        .unwrap()
}
