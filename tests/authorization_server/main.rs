//! The embedded authorization server as its clients and their users meet it, over HTTP.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what fails here is a failed test"
)]

mod code;
mod machine;
mod metadata;
mod page;
mod party;
mod refresh;

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
