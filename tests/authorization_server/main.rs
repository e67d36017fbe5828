//! Tests the embedded authorization server over HTTP, as a client or a user would call it.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod authorization_code;
mod authorization_details;
mod back_channel_logout;
mod bound_tokens;
mod client_credentials;
mod id_token;
mod introspection;
mod logout;
mod metadata;
mod public_client;
mod pushed_request;
mod refresh_token;
mod resource;
mod revocation;
mod sign_in_page;
mod step_up;
mod test_client;
mod token_endpoint;
mod user_info;

use axum_protected_testing::{AuthorizationServer, AuthorizationServerBuilder, Client};

const PAGE: &str = "page";
const CALLBACK: &str = "http://127.0.0.1:3000/callback";
/// The address of `PAGE` after a logout.
const SIGNED_OUT: &str = "http://127.0.0.1:3000/signed-out";
const BATCH: &str = "batch";
const SECRET: &str = "a secret: 100%";

async fn server() -> AuthorizationServer {
    builder().start().await.unwrap()
}

fn builder() -> AuthorizationServerBuilder {
    AuthorizationServer::builder()
        .client(Client::public(PAGE).redirect_uri(CALLBACK).post_logout_redirect_uri(SIGNED_OUT))
        .client(Client::confidential(BATCH, SECRET))
        .scopes(["items:read", "items:write", "<b>&'"])
}
