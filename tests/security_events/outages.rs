//! Tests the answers while keys are missing or a revocation is not in all instances.

use std::convert::Infallible;

use axum::body::Body;
use axum_protected::{Issuer, ResourceServer};
use axum_protected_testing::{ManualClock, SecurityEventBuilder, TokenBuilder};
use axum_protected_tests::log::Entry;
use axum_protected_tests::{AUDIENCE, Log, Reply, ScriptedIssuer, bounded, fresh_key, keys};
use serde_json::json;

use super::{
    CAEP, CLIENT, ISSUER, LOGOUT, NOW, RECEIVER, Receiver, access_token, builder, epoch,
    logout_token, session_revoked, transmitter, user,
};

#[tokio::test]
async fn without_keys_the_sender_is_asked_to_try_again() {
    let (log, _guard) = Log::open();
    let issuer = Issuer::new(ISSUER).jwks_uri("http://127.0.0.1:1/keys").logout_client(CLIENT);
    let builder = ResourceServer::builder().issuer(issuer).audience(AUDIENCE);
    let clock = ManualClock::at(epoch(NOW));
    let api = Receiver::of(builder.clock(clock).event_transmitter(transmitter()));
    let logout = api.log_out(logout_token()).await;
    assert_eq!(logout.outcome(), (400, "temporarily_unavailable".to_owned()));
    assert_eq!(logout.header("cache-control"), Some("no-store"));
    let failed = |event: &&Entry| event.name == "axum_protected.backchannel_logout.failed";
    let events = log.take();
    let failure = events.iter().find(failed).unwrap();
    assert_eq!(failure.get("issuer"), Some(ISSUER));
    assert_eq!(failure.get("reason"), Some("the keys of the issuer are not available"));
    let event = api.push(session_revoked()).await;
    assert_eq!((event.status, event.body.as_str()), (503, ""));
    let retry: u64 = event.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=600).contains(&retry), "{retry}");
}

/// Rules that need no key are judged without waiting for one.
#[tokio::test]
async fn an_invalid_token_does_not_wait_for_keys() {
    let keys = ScriptedIssuer::start().await;
    keys.set("/keys", Reply::never());
    let issuer = Issuer::new(ISSUER).jwks_uri(format!("{}/keys", keys.url())).logout_client(CLIENT);
    let builder = ResourceServer::builder().issuer(issuer).audience(AUDIENCE);
    let clock = ManualClock::at(epoch(NOW));
    let api = Receiver::of(builder.clock(clock).event_transmitter(transmitter()));
    let logout = bounded("a logout", api.log_out(logout_token().without("jti"))).await;
    assert_eq!(logout.outcome(), (400, "invalid_request".to_owned()));
    let event = bounded("an event", api.push(session_revoked().without("jti"))).await;
    assert_eq!(event.outcome(), (400, "invalid_request".to_owned()));
}

/// A list without room for the revocation.
#[tokio::test]
async fn a_revocation_that_fails_is_not_a_success_and_may_be_repeated() {
    let api = Receiver::of(builder().revocation_bytes(0).event_transmitter(transmitter()));
    let (logout, event) = (logout_token().sign(), session_revoked().sign());
    for _ in 0..2 {
        let answer = api.log_out_with(&logout).await;
        assert_eq!(answer.outcome(), (400, "temporarily_unavailable".to_owned()));
        let answer = api.push_text(event.clone()).await;
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("5")));
    }
    // An event without an effect needs no room.
    let verification = super::event(&format!("{}verification", super::SSF));
    assert_eq!(api.push(verification.member("state", json!("x"))).await.status, 202);
    assert_eq!(api.judge(access_token("alice", "s1")).await, "accepted");
}

/// A body that never ends does not occupy the receiver.
#[tokio::test(start_paused = true)]
async fn a_slow_sender_is_answered() {
    let api = Receiver::of(builder().event_transmitter(transmitter()));
    let never =
        || Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, Infallible>>());
    let logout = api.post_form(never()).await;
    assert_eq!(logout.outcome(), (400, "temporarily_unavailable".to_owned()));
    assert_eq!(api.push_text(never()).await.status, 503);
}

/// A key set without the key of a token proves nothing while the newer one cannot be fetched. An
/// event that is refused now would be lost.
#[tokio::test]
async fn a_new_key_that_cannot_be_fetched_is_no_reason_to_refuse() {
    let script = ScriptedIssuer::start().await;
    script.set("/keys", Reply::keys(keys()));
    let issuer =
        Issuer::new(ISSUER).jwks_uri(format!("{}/keys", script.url())).logout_client(CLIENT);
    let builder = ResourceServer::builder().issuer(issuer).audience(AUDIENCE);
    let clock = ManualClock::at(epoch(NOW));
    let server = builder.clock(clock).event_transmitter(transmitter()).build().unwrap();
    bounded("the keys", server.ready()).await.unwrap();
    let api = Receiver::of_server(server);
    script.set("/keys", Reply::text(500, ""));
    let new = fresh_key();
    let event =
        SecurityEventBuilder::new(&new, ISSUER, RECEIVER, &format!("{CAEP}session-revoked"));
    let event = event.claim("iat", NOW).subject(user(ISSUER, "alice")).sign();
    let logout = TokenBuilder::new(&new, ISSUER, CLIENT)
        .without("client_id")
        .header("typ", "logout+jwt")
        .claim("iat", NOW)
        .claim("exp", NOW + 120)
        .claim("sid", "s2")
        .claim("events", json!({ LOGOUT: {} }))
        .sign();
    // The last attempts come after the limit of fetches that requests may cause.
    for _ in 0..30 {
        assert_eq!(api.push_text(event.clone()).await.status, 503);
        let answer = api.log_out_with(&logout).await;
        assert_eq!(answer.outcome(), (400, "temporarily_unavailable".to_owned()));
    }
    assert_eq!(api.judge(access_token("alice", "s1")).await, "accepted");
}
