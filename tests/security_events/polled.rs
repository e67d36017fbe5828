//! A server that polls a transmitter for tests.

use std::time::SystemTime;

use axum_protected::clock::{Clock, SystemClock};
use axum_protected::security_event::EventTransmitter;
use axum_protected::server::EventTransmitterHealth;
use axum_protected::{ResourceServer, ResourceServerBuilder};
use axum_protected_testing::{EventTransmitterServer, SecurityEventBuilder, TokenBuilder};
use axum_protected_tests::{AUDIENCE, bounded, keys, trusting};
use serde_json::json;

/// The issuer of the tokens, whose keys are in the configuration.
pub(crate) const ISSUER: &str = "https://id.example.com";

pub(crate) const SESSION_REVOKED: &str =
    "https://schemas.openid.net/secevent/caep/event-type/session-revoked";

/// Returns the builder of a server that trusts [`ISSUER`].
pub(crate) fn server() -> ResourceServerBuilder {
    trusting(axum_protected::Issuer::new(ISSUER).jwks(keys().jwks()))
}

/// Returns a token of [`ISSUER`] that is older than each event of a test. An event has no effect on
/// later tokens.
pub(crate) fn token(subject: &str) -> TokenBuilder {
    let now = SystemClock.now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    axum_protected_tests::token(ISSUER).subject(subject).claim("iat", now - 60)
}

/// Returns settings that poll this transmitter and let it speak of the tokens of [`ISSUER`].
pub(crate) fn polled(transmitter: &EventTransmitterServer) -> EventTransmitter {
    EventTransmitter::new(transmitter.issuer())
        .audience(AUDIENCE)
        .about(ISSUER)
        .poll(transmitter.poll_endpoint())
}

/// Starts a transmitter with the keys that all tests share.
pub(crate) async fn transmitter() -> EventTransmitterServer {
    EventTransmitterServer::start_with(keys()).await.unwrap()
}

/// Returns an event that ends the sessions of a subject of [`ISSUER`].
pub(crate) fn about(event: SecurityEventBuilder, subject: &str) -> SecurityEventBuilder {
    event.subject(json!({ "format": "iss_sub", "iss": ISSUER, "sub": subject }))
}

/// Returns an event of this transmitter that ends the sessions of a subject.
pub(crate) fn session_revoked(
    transmitter: &EventTransmitterServer,
    subject: &str,
) -> SecurityEventBuilder {
    about(transmitter.event(SESSION_REVOKED), subject)
}

/// Waits until each event has been acknowledged or reported.
pub(crate) async fn settled(transmitter: &EventTransmitterServer) {
    bounded("a reply to each event", transmitter.settled()).await;
}

/// Returns the code with which the server refuses the token, or `accepted`.
pub(crate) async fn judged(server: &ResourceServer, token: &str) -> &'static str {
    server.authenticate(token).await.err().map_or("accepted", |error| error.kind().code())
}

/// Returns the health of the only transmitter.
pub(crate) fn health(server: &ResourceServer) -> EventTransmitterHealth {
    let mut all = server.health().event_transmitters;
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// Waits until the health of the only transmitter has this property.
pub(crate) async fn until(
    server: &ResourceServer,
    what: &str,
    condition: impl Fn(&EventTransmitterHealth) -> bool,
) {
    bounded(what, async {
        while !condition(&health(server)) {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    })
    .await;
}
