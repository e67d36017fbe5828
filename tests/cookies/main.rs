//! Tests tokens that a browser presents by itself: a token in a cookie, and the token of a session.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod api;
mod caching;
mod configuration;
mod credential;
mod guards;
mod origin;
mod pages;
mod request;
mod session;
mod session_answers;
mod streams;

use axum_protected::{Issuer, ResourceServer, ResourceServerBuilder};
use axum_protected_tests::{keys, token, trusting};

const ISSUER: &str = "https://id.example.com";
const COOKIE: &str = "__Host-token";

/// Returns the builder of a server with configured keys, which uses no network.
fn fixed() -> ResourceServerBuilder {
    trusting(Issuer::new(ISSUER).jwks(keys().jwks())).require_https()
}

/// Returns a server that takes its token from a cookie too.
fn server() -> ResourceServer {
    fixed().token_cookie(COOKIE).build().unwrap()
}

/// Returns a token that satisfies every route of the application.
fn good() -> String {
    token(ISSUER).subject("alice").scope("items:read").claim("email", "a@example.com").sign()
}

/// Returns the line of `Cookie` that presents a token.
fn cookie(token: &str) -> String {
    format!("{COOKIE}={token}")
}
