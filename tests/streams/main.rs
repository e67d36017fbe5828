//! Server-sent events and websockets end with their token. Browsers send the token of a websocket
//! as a subprotocol.

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

/// A server with configured keys, so that the clock of the runtime can be paused.
fn fixed() -> ResourceServerBuilder {
    trusting(Issuer::new(ISSUER).jwks(keys().jwks()))
}

/// A token with the usual lifetime from now on.
fn lasting(token: TokenBuilder) -> TokenBuilder {
    token
        .scope("news:read")
        .claim("jti", "j1")
        // For clocks that stand still at the start of the tests.
        .claim("iat", unix_seconds(whole_seconds()))
        .expires_at(whole_seconds() + LIFETIME)
}

fn good() -> TokenBuilder {
    lasting(token(ISSUER))
}

/// The start of the tests in whole seconds, as in tokens.
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

/// A server with the keys of the issuer and a manual clock.
async fn warm(issuer: &ScriptedIssuer) -> (ResourceServer, ManualClock) {
    let clock = ManualClock::at(whole_seconds());
    let server =
        trusting(issuer.url()).clock(clock.clone()).websocket_protocol_token().build().unwrap();
    ready(&server).await;
    (server, clock)
}
