//! Tests valid tokens, and the rules by which a server refuses invalid tokens.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod claims;
mod explain;
mod header;
mod interoperability;
mod issuers;
mod products;
mod revocation;
mod single_verification;
mod structure;
mod time;
mod verified_token_cache;

use axum_protected::{Issuer, ResourceServer};
use axum_protected_testing::TokenBuilder;
use axum_protected_tests::{keys, token, trusting};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};

/// The name of a histogram with one entry for each verified signature.
const DURATION: &str = "axum_protected.signature.duration";

const ISSUER: &str = "https://id.example.com/realms/acme";

/// Returns an issuer with configured keys, which needs no network.
fn issuer(identifier: &str) -> Issuer {
    Issuer::new(identifier).jwks(keys().jwks())
}

fn server() -> ResourceServer {
    trusting(issuer(ISSUER)).build().unwrap()
}

/// Returns a valid token.
fn good() -> TokenBuilder {
    token(ISSUER).scope("items:read")
}

/// Returns the number of signatures that the server verified since the last call of this function.
fn signatures(recorder: &DebuggingRecorder) -> usize {
    let measured = recorder.snapshotter().snapshot().into_vec();
    let durations = measured.into_iter().map(|(key, _, _, value)| match value {
        DebugValue::Histogram(durations) if key.key().name() == DURATION => durations.len(),
        _ => 0,
    });
    durations.sum()
}

/// Verifies a token. Returns `ok`, or the code of the refusal.
async fn outcome(server: &ResourceServer, token: &str) -> &'static str {
    match server.authenticate(token).await {
        Ok(_) => "ok",
        Err(error) => error.kind().code(),
    }
}

/// Compares the outcome of each named token with the expected code, and reports all differences
/// together.
async fn check(server: &ResourceServer, cases: impl IntoIterator<Item = (String, String, &str)>) {
    let mut complaints = Vec::new();
    let mut number = 0;
    for (name, token, expected) in cases {
        let outcome = outcome(server, &token).await;
        if outcome != expected {
            complaints.push(format!("{name}: {outcome}, not {expected}"));
        }
        number += 1;
    }
    assert!(number > 0, "no case");
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
