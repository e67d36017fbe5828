//! Tests that server-sent events and websockets end when their token becomes invalid. For a
//! websocket, a browser sends the token as a subprotocol.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod api;
mod events;
mod key_changes;
mod request_changes;
mod stream_end;
mod subprotocol;
mod websocket;

use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use axum_protected::clock::{Clock, SystemClock};
use axum_protected::{Issuer, ResourceServer, ResourceServerBuilder};
use axum_protected_testing::{ManualClock, TokenBuilder};
use axum_protected_tests::{ScriptedIssuer, keys, ready, token, trusting};
use tokio::time::Instant;

const ISSUER: &str = "https://id.example.com/realms/acme";
const LEEWAY: Duration = Duration::from_secs(30);
const LIFETIME: Duration = Duration::from_secs(600);

/// Returns the builder of a server with configured keys. The server does not use the network, so
/// that a test can pause the clock of the runtime.
fn fixed() -> ResourceServerBuilder {
    trusting(Issuer::new(ISSUER).jwks(keys().jwks()))
}

/// Makes the token valid for `LIFETIME`, from the start of the tests.
fn lasting(token: TokenBuilder) -> TokenBuilder {
    token
        .scope("news:read")
        .claim("jti", "j1")
        // Some clocks stop at the start of the tests, and `iat` must not be later than their time.
        .claim("iat", unix_seconds(whole_seconds()))
        .expires_at(whole_seconds() + LIFETIME)
}

fn good() -> TokenBuilder {
    lasting(token(ISSUER))
}

/// Returns the time at the start of the tests, truncated to whole seconds like the times in tokens.
fn whole_seconds() -> SystemTime {
    static BEGAN: OnceLock<u64> = OnceLock::new();
    let began = BEGAN.get_or_init(|| unix_seconds(SystemClock.now()));
    SystemTime::UNIX_EPOCH + Duration::from_secs(*began)
}

fn unix_seconds(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap().as_secs()
}

/// A wall clock that follows the clock of the runtime.
#[derive(Debug)]
struct RuntimeClock {
    began: SystemTime,
    since: Instant,
}

impl RuntimeClock {
    fn start() -> Self {
        Self { began: whole_seconds(), since: Instant::now() }
    }
}

impl Clock for RuntimeClock {
    fn now(&self) -> SystemTime {
        self.began + self.since.elapsed()
    }
}

/// Returns a server that has loaded the keys of the issuer, and the manual clock of this server.
async fn warm(issuer: &ScriptedIssuer) -> (ResourceServer, ManualClock) {
    let clock = ManualClock::at(whole_seconds());
    let server =
        trusting(issuer.url()).clock(clock.clone()).websocket_protocol_token().build().unwrap();
    ready(&server).await;
    (server, clock)
}
