//! What outlives a request, as server-sent events and websockets, ends with its token; and how a
//! browser's websocket brings one.

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

/// Keys that are configured, so that the clock of the runtime can be paused.
fn fixed() -> ResourceServerBuilder {
    trusting(Issuer::new(ISSUER).jwks(keys().jwks()))
}

/// Good for the usual time from now on.
fn lasting(token: TokenBuilder) -> TokenBuilder {
    token
        .scope("news:read")
        .claim("jti", "j1")
        // For clocks that stand still since then, however long the tests take.
        .claim("iat", unix_seconds(whole_seconds()))
        .expires_at(whole_seconds() + LIFETIME)
}

fn good() -> TokenBuilder {
    lasting(token(ISSUER))
}

/// When the tests began, as tokens tell the time.
fn whole_seconds() -> SystemTime {
    static BEGAN: OnceLock<u64> = OnceLock::new();
    let began = BEGAN.get_or_init(|| unix_seconds(SystemClock.now()));
    SystemTime::UNIX_EPOCH + Duration::from_secs(*began)
}

fn unix_seconds(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap().as_secs()
}

/// A wall clock that goes as the runtime's does.
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

/// A server with the issuer's keys and a clock that is set by hand.
async fn warm(issuer: &ScriptedIssuer) -> (ResourceServer, ManualClock) {
    let clock = ManualClock::at(whole_seconds());
    let server =
        trusting(issuer.url()).clock(clock.clone()).websocket_protocol_token().build().unwrap();
    ready(&server).await;
    (server, clock)
}
