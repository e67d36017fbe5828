//! The life of an issuer's keys, as tokens and the issuer see it: loads, rotations, floods of
//! unknown keys, outages, answers that are none.
//!
//! Where hours have to pass, the clock of the runtime is put forward between two exchanges, never
//! during one: a paused clock would take waiting for a socket for idleness, and run.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what fails here is a failed test"
)]

mod broken;
mod changed;
mod discovery;
mod end;
mod flood;
mod freshness;
mod health;
mod outage;
mod reload;
mod rotation;
mod seed;

use std::time::Duration;

use axum_protected::ResourceServer;
use axum_protected::testing::{SigningKeys, TokenBuilder};
use axum_protected_tests::{AUDIENCE, App, Call, ScriptedIssuer, bounded, trusting};

/// A server that holds the issuer's keys.
async fn warm(issuer: &ScriptedIssuer) -> ResourceServer {
    let server = trusting(issuer.url()).build().unwrap();
    server.ready().await.unwrap();
    server
}

async fn warm_app(issuer: &ScriptedIssuer) -> App {
    App::serve(warm(issuer).await).await
}

/// A request with this token, to a route that any good token opens.
fn me(token: TokenBuilder) -> Call {
    Call::get("/api/me").bearer(&token.sign())
}

/// A token of this issuer by other keys than the shared ones.
fn by(keys: &SigningKeys, issuer: &ScriptedIssuer) -> TokenBuilder {
    TokenBuilder::new(keys, issuer.url(), AUDIENCE)
}

/// A token that names a key which nobody publishes.
fn stray(issuer: &ScriptedIssuer, number: usize) -> TokenBuilder {
    issuer.token().header("kid", format!("stray-{number}"))
}

async fn code(server: &ResourceServer, token: TokenBuilder) -> &'static str {
    match server.verify(&token.sign()).await {
        Ok(_) => "ok",
        Err(error) => error.kind().code(),
    }
}

/// Puts the clock forward, and leaves time to what is due then: a fetch is two exchanges.
async fn pass(issuer: &ScriptedIssuer, time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
    for _ in 0..8 {
        issuer.ping().await;
    }
}

/// Lets time pass in these steps until this has come about.
async fn pass_until(issuer: &ScriptedIssuer, step: Duration, mut condition: impl FnMut() -> bool) {
    for _ in 0..10_000 {
        if condition() {
            return;
        }
        pass(issuer, step).await;
    }
    panic!("in vain: 10 000 times {step:?}");
}

/// Lets time pass until this path was asked for that often.
async fn pass_until_asked(issuer: &ScriptedIssuer, path: &str, times: usize) {
    let step = Duration::from_secs(60);
    pass_until(issuer, step, || issuer.count(path) >= times).await;
}

/// Asks until the answer is this one: for what happens off the request path.
async fn comes_to(server: &ResourceServer, token: &TokenBuilder, expected: &str) {
    let coming = async {
        while code(server, token.clone()).await != expected {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    bounded(expected, coming).await;
}
