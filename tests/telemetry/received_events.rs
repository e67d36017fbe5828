//! Causes the events of back-channel logouts and of security events.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum_protected::security_event::EventTransmitter;
use axum_protected::{Issuer, ProtectedRouter};
use axum_protected_testing::{EventTransmitterServer, SecurityEventBuilder, TokenBuilder};
use axum_protected_tests::{AUDIENCE, bounded, keys, trusting};
use serde_json::json;
use tokio::time::sleep;
use tower::ServiceExt;

const ISSUER: &str = "http://127.0.0.1:1";
const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";
const SESSION_REVOKED: &str = "https://schemas.openid.net/secevent/caep/event-type/session-revoked";

/// Returns an application without room for revocations if `bytes` is 0.
fn app(bytes: usize) -> Router {
    let issuer = Issuer::new(ISSUER).jwks(keys().jwks()).logout_client("shop");
    let builder = trusting(issuer).revocation_bytes(bytes);
    let transmitter = EventTransmitter::new(ISSUER).audience(AUDIENCE);
    let server = builder.event_transmitter(transmitter).build().unwrap();
    let routes: ProtectedRouter<()> = server.event_routes();
    routes.with_state(()).into_router().unwrap()
}

async fn post(app: &Router, path: &str, content_type: &str, body: String) -> u16 {
    let request = Request::post(path).header("content-type", content_type).body(Body::from(body));
    app.clone().oneshot(request.unwrap()).await.unwrap().status().as_u16()
}

async fn log_out(app: &Router, token: &str) -> u16 {
    let form = format!("logout_token={token}");
    post(app, "/backchannel-logout", "application/x-www-form-urlencoded", form).await
}

async fn push(app: &Router, event: SecurityEventBuilder) -> u16 {
    post(app, "/security-events", "application/secevent+jwt", event.sign()).await
}

/// Sends logouts and events of each outcome, with the marker in each claim.
pub(crate) async fn receive_all_kinds(marker: &str) {
    let logout = TokenBuilder::new(keys(), ISSUER, "shop").header("typ", "logout+jwt");
    let logout = logout.subject(marker).claim("sid", marker).claim("jti", marker);
    let logout = logout.claim("events", json!({ LOGOUT: { "reason": marker } }));
    let event = |event_type: &str, email: bool| {
        let event = SecurityEventBuilder::new(keys(), ISSUER, AUDIENCE, event_type);
        let user = json!({ "format": "iss_sub", "iss": ISSUER, "sub": marker });
        let address = json!({ "format": "email", "email": marker });
        event.subject(if email { address } else { user }).member("reason_admin", marker)
    };
    let (large, full) = (app(1_000_000), app(0));
    let logout_text = logout.clone().sign();
    for status in [200, 200] {
        assert_eq!(log_out(&large, &logout_text).await, status);
    }
    assert_eq!(log_out(&large, &logout.claim("nonce", marker).sign()).await, 400);
    assert_eq!(log_out(&full, &logout_text).await, 400);
    let repeated = event(SESSION_REVOKED, false).claim("jti", marker);
    for event in [
        repeated.clone(),
        repeated,
        event(SESSION_REVOKED, true),
        event("https://example.com/unknown", false),
    ] {
        assert_eq!(push(&large, event).await, 202);
    }
    assert_eq!(push(&large, event(SESSION_REVOKED, false).audience(marker)).await, 400);
    assert_eq!(push(&large, event(SESSION_REVOKED, false).claim("iss", marker)).await, 400);
    assert_eq!(push(&full, event(SESSION_REVOKED, false)).await, 503);
}

/// Polls a transmitter that has an event, one that demands other credentials, and one that is away.
pub(crate) async fn poll_all_kinds(marker: &str) {
    let [good, strict] = [0; 2].map(|_| EventTransmitterServer::start_with(keys()));
    let (good, strict) = (good.await.unwrap(), strict.await.unwrap());
    strict.require_authorization(marker);
    good.offer(&good.event(SESSION_REVOKED).member("reason_admin", marker).sign());
    let polled = |issuer: &str, endpoint: String| {
        EventTransmitter::new(issuer).audience(AUDIENCE).about(ISSUER).poll(endpoint)
    };
    let server = trusting(Issuer::new(ISSUER).jwks(keys().jwks()))
        .event_transmitter(polled(good.issuer(), good.poll_endpoint()))
        .event_transmitter(polled(strict.issuer(), strict.poll_endpoint()))
        .event_transmitter(polled("http://127.0.0.1:2", "http://127.0.0.1:2/poll".to_owned()))
        .build()
        .unwrap();
    bounded("a reply to the event", good.settled()).await;
    let failures = || {
        let transmitters = server.health().event_transmitters;
        let polls = transmitters.into_iter().filter_map(|transmitter| transmitter.poll);
        polls.filter(|poll| poll.last_error.is_some()).count()
    };
    bounded("a failure of each of the others", async {
        while failures() < 2 {
            sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}
