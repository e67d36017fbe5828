//! Delivery by polling, over HTTP.

use axum_protected_testing::{EventTransmitterServer, SigningKeys};
use axum_protected_tests::{Log, fresh_key};
use tracing::Level;

use super::polled::{
    ISSUER, SESSION_REVOKED, about, health, judged, polled, server, session_revoked, settled,
    token, transmitter, until,
};

#[tokio::test]
async fn an_event_is_acknowledged_when_its_tokens_are_revoked() {
    let transmitter = transmitter().await;
    let server = server().event_transmitter(polled(&transmitter)).build().unwrap();
    let (alice, bob) = (token("alice").sign(), token("bob").sign());
    assert_eq!(judged(&server, &alice).await, "accepted");
    let event = session_revoked(&transmitter, "alice").claim("jti", "event-1");
    transmitter.offer(&event.sign());
    settled(&transmitter).await;
    assert_eq!(transmitter.acknowledged(), ["event-1"]);
    assert_eq!(judged(&server, &alice).await, "revoked_token");
    assert_eq!(judged(&server, &bob).await, "accepted");
    assert!(transmitter.reported().is_empty());
}

#[tokio::test]
async fn an_event_that_breaks_a_rule_is_reported_and_does_not_stop_the_others() {
    let transmitter = transmitter().await;
    let forged = EventTransmitterServer::start_with(&fresh_key()).await.unwrap();
    let named = |name: &str, subject| session_revoked(&transmitter, subject).claim("jti", name);
    transmitter
        .offer(&named("other-audience", "alice").audience("https://other.example.com").sign());
    transmitter.offer(&named("other-issuer", "alice").claim("iss", "https://x.example.com").sign());
    transmitter.offer(&named("access-token", "alice").header("typ", "at+jwt").sign());
    transmitter.offer_as("not-a-jwt", "x.y.z");
    transmitter.offer_as("empty", "");
    let event = about(forged.event(SESSION_REVOKED), "alice").claim("jti", "forged");
    transmitter.offer(&event.claim("iss", transmitter.issuer()).sign());
    transmitter.offer(&named("good", "bob").sign());
    let server = server().event_transmitter(polled(&transmitter)).build().unwrap();
    settled(&transmitter).await;
    assert_eq!(transmitter.acknowledged(), ["good"]);
    let mut reported: Vec<_> = transmitter
        .reported()
        .into_iter()
        .map(|(name, error)| {
            assert!(!error["description"].as_str().unwrap().is_empty(), "{error}");
            (name, error["err"].as_str().unwrap().to_owned())
        })
        .collect();
    reported.sort();
    let expected = [
        ("access-token", "invalid_request"),
        ("empty", "invalid_request"),
        ("forged", "invalid_key"),
        ("not-a-jwt", "invalid_request"),
        ("other-audience", "invalid_audience"),
        ("other-issuer", "invalid_issuer"),
    ];
    assert!(
        reported.iter().map(|(name, err)| (name.as_str(), err.as_str())).eq(expected),
        "{reported:?}"
    );
    assert_eq!(judged(&server, &token("alice").sign()).await, "accepted");
    assert_eq!(judged(&server, &token("bob").sign()).await, "revoked_token");
}

/// Otherwise the acknowledgement of one event would remove another one from the stream.
#[tokio::test]
async fn an_event_under_the_name_of_another_one_has_no_effect() {
    let transmitter = transmitter().await;
    let event = session_revoked(&transmitter, "alice").claim("jti", "event-1").sign();
    transmitter.offer_as("event-2", &event);
    transmitter.offer_as("", &event);
    let server = server().event_transmitter(polled(&transmitter)).build().unwrap();
    settled(&transmitter).await;
    let reported = transmitter.reported();
    assert_eq!(reported.len(), 2);
    for (_, error) in reported {
        assert_eq!(error["err"], "invalid_request");
    }
    assert_eq!(judged(&server, &token("alice").sign()).await, "accepted");
    assert!(transmitter.acknowledged().is_empty());
}

#[tokio::test]
async fn more_events_than_an_answer_may_have_are_fetched_one_answer_after_the_other() {
    let transmitter = transmitter().await;
    for number in 0..250 {
        let subject = format!("subject-{number}");
        transmitter.offer(&session_revoked(&transmitter, &subject).sign());
    }
    let server = server().event_transmitter(polled(&transmitter)).build().unwrap();
    settled(&transmitter).await;
    assert_eq!(transmitter.acknowledged().len(), 250);
    // Three answers with events, and the request that acknowledges the last ones.
    assert_eq!(transmitter.polls(), 4);
    for number in [0, 99, 100, 249] {
        let token = token(&format!("subject-{number}")).sign();
        assert_eq!(judged(&server, &token).await, "revoked_token", "{number}");
    }
}

#[tokio::test]
async fn a_repeated_event_is_acknowledged_again() {
    let transmitter = transmitter().await;
    let server = server().event_transmitter(polled(&transmitter)).build().unwrap();
    let event = session_revoked(&transmitter, "alice").claim("jti", "event-1").sign();
    for times in 1..=2 {
        transmitter.offer(&event);
        settled(&transmitter).await;
        assert_eq!(transmitter.acknowledged(), vec!["event-1"; times]);
    }
    assert_eq!(judged(&server, &token("alice").sign()).await, "revoked_token");
}

#[tokio::test]
async fn an_event_stays_in_the_stream_until_its_key_can_be_fetched() {
    let keys = fresh_key();
    let transmitter = EventTransmitterServer::start_with(&keys).await.unwrap();
    let event = session_revoked(&transmitter, "alice").sign();
    // A key set without keys cannot be used, so that the server has no keys.
    transmitter.set_keys(&SigningKeys::generate(&[]).unwrap());
    transmitter.offer(&event);
    let server = server().event_transmitter(polled(&transmitter)).build().unwrap();
    let is_deferred = |health: &axum_protected::server::EventTransmitterHealth| {
        health.last_error.is_some() && health.poll.as_ref().unwrap().last_error.is_some()
    };
    until(&server, "an event without a key", is_deferred).await;
    assert_eq!(judged(&server, &token("alice").sign()).await, "accepted");
    transmitter.set_keys(&keys);
    settled(&transmitter).await;
    assert_eq!(transmitter.acknowledged().len(), 1);
    assert!(transmitter.reported().is_empty());
    assert_eq!(judged(&server, &token("alice").sign()).await, "revoked_token");
}

#[tokio::test]
async fn an_event_that_no_server_acknowledged_reaches_the_next_one() {
    let transmitter = transmitter().await;
    let settings = polled(&transmitter).jwks_uri(format!("{}/absent", transmitter.issuer()));
    let first = server().event_transmitter(settings).build().unwrap();
    transmitter.offer(&session_revoked(&transmitter, "alice").sign());
    until(&first, "an event", |health| health.poll.as_ref().unwrap().last_error.is_some()).await;
    drop(first);
    assert!(transmitter.acknowledged().is_empty());
    let second = server().event_transmitter(polled(&transmitter)).build().unwrap();
    settled(&transmitter).await;
    assert_eq!(judged(&second, &token("alice").sign()).await, "revoked_token");
}

#[tokio::test]
async fn two_instances_share_a_stream() {
    let transmitter = transmitter().await;
    let instance = || server().event_transmitter(polled(&transmitter)).build().unwrap();
    let (one, other) = (instance(), instance());
    for number in 0..20 {
        transmitter.offer(&session_revoked(&transmitter, &format!("subject-{number}")).sign());
    }
    settled(&transmitter).await;
    for number in 0..20 {
        let token = token(&format!("subject-{number}")).sign();
        let by_both = [judged(&one, &token).await, judged(&other, &token).await];
        assert!(by_both.contains(&"revoked_token"), "{number}");
    }
}

#[tokio::test]
async fn the_token_for_the_endpoint_is_read_for_each_request() {
    let path = std::env::temp_dir().join(format!("poll-token-{}", std::process::id()));
    std::fs::write(&path, "old\n").unwrap();
    let (log, _guard) = Log::open();
    let transmitter = transmitter().await;
    transmitter.require_authorization("Bearer new");
    let settings = polled(&transmitter).poll_bearer_file(&path);
    let server = server().event_transmitter(settings).build().unwrap();
    transmitter.offer(&session_revoked(&transmitter, "alice").sign());
    until(&server, "status 401", |health| health.poll.as_ref().unwrap().last_error.is_some()).await;
    let error = health(&server).poll.unwrap().last_error.unwrap();
    assert!(error.contains("status 401") && !error.contains("old"), "{error}");
    std::fs::write(&path, "new\n").unwrap();
    settled(&transmitter).await;
    until(&server, "an answer", |health| health.poll.as_ref().unwrap().last_error.is_none()).await;
    std::fs::remove_file(&path).unwrap();
    let events = log.take();
    let refused: Vec<_> = events.iter().filter(|one| one.name.ends_with("poll_refused")).collect();
    let [event] = refused.as_slice() else { panic!("{refused:?}") };
    assert_eq!(event.level, Level::ERROR);
    assert_eq!(event.get("transmitter"), Some(transmitter.issuer()));
}

#[tokio::test]
async fn a_fixed_authorization_is_sent_and_not_shown() {
    let transmitter = transmitter().await;
    transmitter.require_authorization("Basic czNjcmV0");
    let settings = polled(&transmitter).poll_authorization("Basic czNjcmV0");
    let server = server().event_transmitter(settings).build().unwrap();
    transmitter.offer(&session_revoked(&transmitter, "alice").sign());
    settled(&transmitter).await;
    let shown = format!("{server:?} {:?} {:?}", server.configuration(), server.health());
    assert!(!shown.contains("czNjcmV0"), "{shown}");
}

#[tokio::test]
async fn the_polling_goes_on_while_a_server_for_another_resource_exists() {
    let transmitter = transmitter().await;
    let server = server().event_transmitter(polled(&transmitter)).build().unwrap();
    let other = server.for_resource("https://api.example.com/mcp").unwrap();
    until(&server, "an answer", |health| health.poll.as_ref().unwrap().age.is_some()).await;
    drop(server);
    transmitter.offer(&session_revoked(&transmitter, "alice").sign());
    settled(&transmitter).await;
    assert_eq!(judged(&other, &token("alice").sign()).await, "revoked_token");
}

#[tokio::test]
async fn a_transmitter_has_no_influence_on_readiness() {
    let settings = axum_protected::security_event::EventTransmitter::new("http://127.0.0.1:1")
        .audience("https://api.example.com")
        .about(ISSUER)
        .poll("http://127.0.0.1:1/poll");
    let server = server().event_transmitter(settings).build().unwrap();
    server.ready().await.unwrap();
    until(&server, "both errors", |health| {
        health.last_error.is_some() && health.poll.as_ref().unwrap().last_error.is_some()
    })
    .await;
    assert!(server.health().ready);
    let public = server.health().without_errors().event_transmitters.remove(0);
    assert_eq!((public.last_error, public.poll.unwrap().last_error), (None, None));
    let report = serde_json::to_value(server.health()).unwrap();
    let transmitter = &report["event_transmitters"][0];
    assert_eq!(transmitter["issuer"], "http://127.0.0.1:1");
    assert_eq!(transmitter["keys"], 0);
    assert_eq!(transmitter["keys_usable"], false);
    assert!(transmitter["last_error"].as_str().unwrap().contains("ssf-configuration"));
    assert_eq!(transmitter["poll"]["age_seconds"], serde_json::Value::Null);
    let without = serde_json::to_value(super::polled::server().build().unwrap().health()).unwrap();
    assert_eq!(without.get("event_transmitters"), None);
}
