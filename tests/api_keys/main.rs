//! Tests API keys over real HTTP, and their cache with a paused clock.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod combinations;
mod confidentiality;
mod configuration;
mod identity;
mod look_up;
mod middleware;
mod races;
mod store;
mod streams;

use std::time::{Duration, SystemTime};

use axum_protected::api_key::{ApiKey, ApiKeys, GeneratedKey, KeyDigest};
use axum_protected::clock::{Clock, SystemClock};
use axum_protected::{Issuer, ResourceServerBuilder};
use axum_protected_tests::{keys, token, trusting};

const ISSUER: &str = "https://id.example.com/realms/acme";

/// The scopes that are sufficient for every route of the application except `/api/impossible`.
const SCOPES: [&str; 3] = ["items:read", "items:write", "items:export"];

/// Returns the builder of a server with an issuer whose keys are configured.
fn fixed() -> ResourceServerBuilder {
    trusting(Issuer::new(ISSUER).jwks(keys().jwks()))
}

fn generate() -> GeneratedKey {
    ApiKeys::generate("items").unwrap()
}

/// Returns the entry of this key with the subject `ci`.
fn entry(key: &str) -> ApiKey {
    ApiKey::new(KeyDigest::of(key)).subject("ci").scopes(SCOPES)
}

fn hour_ago() -> SystemTime {
    SystemClock.now() - Duration::from_secs(3600)
}

fn valid_token() -> String {
    token(ISSUER).scope(&SCOPES.join(" ")).sign()
}
