//! Tests keys that are not fetched over HTTP: public keys in PEM and DER, key files, and secrets of
//! programs that sign their own tokens.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod directory;
mod key_file;
mod public_key;
mod secret_confidentiality;
mod shared_secret;
mod spki;
mod unused_settings;

use axum_protected::{ConfigError, Issuer, ResourceServer};
use axum_protected_testing::{SigningKeys, TokenBuilder};
use axum_protected_tests::{AUDIENCE, trusting};

/// The issuer of all tests in this program. It is not a URL.
const ISSUER: &str = "my-login";

fn signed_by(keys: &SigningKeys) -> TokenBuilder {
    TokenBuilder::new(keys, ISSUER, AUDIENCE)
}

fn build(issuer: Issuer) -> Result<ResourceServer, ConfigError> {
    trusting(issuer).build()
}

/// Returns the problems of a configuration that must not build.
fn problems(issuer: Issuer) -> String {
    build(issuer).unwrap_err().to_string()
}

async fn code(server: &ResourceServer, token: TokenBuilder) -> &'static str {
    match server.authenticate(&token.sign()).await {
        Ok(_) => "ok",
        Err(error) => error.kind().code(),
    }
}
