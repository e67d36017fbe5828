//! Tests the receivers of back-channel logouts and of security events: what a request with a token of
//! the API gets before and after an issuer or a transmitter has spoken.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::similar_names,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod backchannel_logout;
mod configuration;
mod effects;
mod feed;
mod further_revocations;
mod kinds;
mod outages;
mod permissions;
mod poll;
mod polled;
mod polling_faults;
mod polling_with_feed;
mod push;
mod receiver;
mod repeated;
mod routes;
mod transmitter_keys;
mod warnings;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::HeaderMap;
use axum_protected::security_event::EventTransmitter;
use axum_protected::{Issuer, ResourceServer, ResourceServerBuilder};
use axum_protected_testing::{ManualClock, SecurityEventBuilder, TokenBuilder};
use axum_protected_tests::{keys, token};
use serde_json::{Value, json};

use self::receiver::Receiver;

const ISSUER: &str = "https://id.example.com/realms/acme";
/// The client of [`ISSUER`] whose users call the API.
const CLIENT: &str = "shop";
/// The audience of the security events, which is not that of the tokens.
const RECEIVER: &str = "https://api.example.com/security-events";
const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";
const CAEP: &str = "https://schemas.openid.net/secevent/caep/event-type/";
const RISC: &str = "https://schemas.openid.net/secevent/risc/event-type/";
const SSF: &str = "https://schemas.openid.net/secevent/ssf/event-type/";

/// The time that the clocks of these tests show.
const NOW: u64 = 1_700_000_000;

fn epoch(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

/// Returns the settings of an issuer that signs with the shared keys.
fn issuer(identifier: &str) -> Issuer {
    Issuer::new(identifier).jwks(keys().jwks()).token_lifetime(Duration::from_secs(3600))
}

fn transmitter() -> EventTransmitter {
    EventTransmitter::new(ISSUER).audience(RECEIVER)
}

/// Returns the builder of a server with an issuer whose logouts it receives.
fn builder() -> ResourceServerBuilder {
    ResourceServer::builder()
        .issuer(issuer(ISSUER).logout_client(CLIENT))
        .audience(axum_protected_tests::AUDIENCE)
        .clock(ManualClock::at(epoch(NOW)))
}

/// Returns an access token of a session of a user, issued a minute ago.
fn access_token(user: &str, session: &str) -> TokenBuilder {
    access_token_of(ISSUER, user, session)
}

fn access_token_of(issuer: &str, user: &str, session: &str) -> TokenBuilder {
    let token = token(issuer).subject(user).claim("sid", session).claim("jti", "t1");
    token.claim("iat", NOW - 60).claim("exp", NOW + 3000)
}

/// Returns a logout token with the claims of Keycloak: the session `s1` of `alice` has ended.
fn logout_token() -> TokenBuilder {
    TokenBuilder::new(keys(), ISSUER, CLIENT)
        .without("client_id")
        .header("typ", "logout+jwt")
        .claim("typ", "Logout")
        .claim("iat", NOW)
        .claim("exp", NOW + 120)
        .claim("sid", "s1")
        .claim("events", json!({ LOGOUT: {} }))
}

/// Returns an event of the transmitter [`ISSUER`] about the user `alice`.
fn event(event_type: &str) -> SecurityEventBuilder {
    event_of(ISSUER, event_type)
}

fn event_of(transmitter: &str, event_type: &str) -> SecurityEventBuilder {
    let event = SecurityEventBuilder::new(keys(), transmitter, RECEIVER, event_type);
    event.claim("iat", NOW).subject(user(ISSUER, "alice"))
}

fn session_revoked() -> SecurityEventBuilder {
    event(&format!("{CAEP}session-revoked"))
}

fn user(issuer: &str, subject: &str) -> Value {
    json!({ "format": "iss_sub", "iss": issuer, "sub": subject })
}

fn opaque(id: &str) -> Value {
    json!({ "format": "opaque", "id": id })
}

/// The answer to a request.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let values: Vec<_> = self.headers.get_all(name).iter().collect();
        assert!(values.len() <= 1, "{name}: {values:?}");
        values.first().map(|value| value.to_str().unwrap())
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Returns the status and the error code in the body.
    fn outcome(&self) -> (u16, String) {
        if self.body.is_empty() {
            return (self.status, String::new());
        }
        let body = self.json();
        let code = body.get("err").or_else(|| body.get("error")).and_then(Value::as_str);
        (self.status, code.unwrap_or_default().to_owned())
    }
}
