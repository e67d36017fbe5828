//! Tests the OpenID provider behind an issuer: its metadata, requests to it, and the verification of
//! ID tokens and logout tokens.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod construction;
mod id_token;
mod keys;
mod kinds;
mod logout_token;
mod metadata;
mod post;
mod sign_in;
mod time;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum_protected::__browser::{IdTokenExpectation, LogoutToken, Occasion, OpenIdError, Provider};
use axum_protected::{Issuer, ResourceServerBuilder};
use axum_protected_testing::{ManualClock, TokenBuilder};
use axum_protected_tests::trusting;
use serde_json::{Value, json};

const ISSUER: &str = "https://id.example.com/realms/acme";
const CLIENT: &str = "bff";
const NONCE: &str = "n-0S6_WzA2Mj";
const ACCESS_TOKEN: &str = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
/// Hash of [`ACCESS_TOKEN`] by SHA-256, as in OpenID Connect Core appendix A.3.
const SHA_256: &str = "77QmUPtjPfzWtF2AnpK9RQ";
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The time that the clocks of these tests show.
const NOW: u64 = 1_700_000_000;

fn epoch(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

/// Returns the builder of a server with an issuer that signs with the shared keys.
fn builder() -> ResourceServerBuilder {
    let issuer = Issuer::new(ISSUER)
        .jwks(axum_protected_tests::keys().jwks())
        .metadata_url("http://127.0.0.1:1/metadata");
    trusting(issuer).clock(ManualClock::at(epoch(NOW)))
}

fn provider() -> Provider {
    Provider::new(&builder().build().unwrap(), None).unwrap()
}

/// Returns a builder with exactly these claims and the header `typ` `JWT`.
fn with_claims(claims: Value) -> TokenBuilder {
    let empty = TokenBuilder::new(axum_protected_tests::keys(), ISSUER, CLIENT);
    let token = ["client_id", "jti"].into_iter().fold(empty, TokenBuilder::without);
    let Value::Object(claims) = claims else { panic!("not an object") };
    let claimed = claims.into_iter().fold(token, |token, (name, value)| token.claim(&name, value));
    claimed.header("typ", "JWT")
}

/// Returns an ID token with the claims of Keycloak.
fn id_token() -> TokenBuilder {
    with_claims(json!({
        "iss": ISSUER, "aud": CLIENT, "azp": CLIENT, "sub": "alice", "typ": "ID",
        "iat": NOW, "auth_time": NOW, "exp": NOW + 300, "jti": "1", "nonce": NONCE,
        "at_hash": SHA_256, "sid": "s1", "name": "Alice Doe",
        "preferred_username": "alice", "email": "alice@example.com",
    }))
}

/// Returns a logout token with the claims of Keycloak.
fn logout_token() -> TokenBuilder {
    with_claims(json!({
        "iss": ISSUER, "aud": CLIENT, "sub": "alice", "typ": "Logout", "sid": "s1",
        "iat": NOW, "exp": NOW + 120, "jti": "2", "events": { EVENT: {} },
    }))
    .header("typ", "logout+jwt")
}

/// Returns an access token with the claims of Keycloak, whose audience is the client.
fn access_token() -> TokenBuilder {
    with_claims(json!({
        "iss": ISSUER, "aud": CLIENT, "azp": CLIENT, "sub": "alice", "typ": "Bearer",
        "iat": NOW, "auth_time": NOW, "exp": NOW + 300, "jti": "3", "sid": "s1",
        "scope": "openid email", "acr": "1",
    }))
}

fn sign_in() -> IdTokenExpectation<'static> {
    expecting(Occasion::SignIn { nonce: NONCE })
}

fn refresh() -> IdTokenExpectation<'static> {
    expecting(Occasion::Refresh { subject: "alice", nonce: NONCE })
}

fn expecting(occasion: Occasion<'static>) -> IdTokenExpectation<'static> {
    IdTokenExpectation {
        client_id: CLIENT,
        other_audiences: &[],
        access_token: ACCESS_TOKEN,
        occasion,
    }
}

/// Returns `ok`, or the rule that the token failed.
fn outcome<T>(result: Result<T, OpenIdError>) -> &'static str {
    result.map_or_else(|error| error.rule(), |_| "ok")
}

async fn logout(provider: &Provider, token: TokenBuilder) -> Result<LogoutToken, OpenIdError> {
    provider.verify_logout_token(&token.sign(), CLIENT).await
}

type Change = fn(TokenBuilder) -> TokenBuilder;
