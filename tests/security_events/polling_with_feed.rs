//! Polling by instances that share a feed of revocations.

use std::time::Duration;

use axum_protected::revocation::RevocationFeed;
use axum_protected_tests::{LogBehaviour, ScriptedLog, bounded};
use tokio::time::sleep;

use super::polled::{
    health, judged, polled, server, session_revoked, settled, token, transmitter, until,
};

#[tokio::test]
async fn one_instance_polls_and_all_instances_refuse_the_token() {
    let (transmitter, log) = (transmitter().await, ScriptedLog::default());
    let instance = || server().revocation_feed(RevocationFeed::new(log.clone()));
    let polling = instance().event_transmitter(polled(&transmitter)).build().unwrap();
    let other = instance().build().unwrap();
    polling.ready().await.unwrap();
    other.ready().await.unwrap();
    let alice = token("alice").sign();
    transmitter.offer(&session_revoked(&transmitter, "alice").sign());
    settled(&transmitter).await;
    assert_eq!(judged(&polling, &alice).await, "revoked_token");
    bounded("the revocation in the other instance", async {
        while judged(&other, &alice).await == "accepted" {
            sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

/// Otherwise the other instances would never learn of the revocation if this one ended.
#[tokio::test]
async fn an_event_stays_in_the_stream_until_all_instances_know_of_it() {
    let (transmitter, log) = (transmitter().await, ScriptedLog::default());
    let feed = RevocationFeed::new(log.clone());
    let builder = server().revocation_feed(feed).event_transmitter(polled(&transmitter));
    let server = builder.build().unwrap();
    server.ready().await.unwrap();
    log.set(LogBehaviour::Fail);
    transmitter.offer(&session_revoked(&transmitter, "alice").sign());
    let is_deferred = |health: &axum_protected::server::EventTransmitterHealth| {
        health.poll.as_ref().unwrap().last_error.is_some()
    };
    until(&server, "an event that is not shared", is_deferred).await;
    // The revocation holds here already.
    assert_eq!(judged(&server, &token("alice").sign()).await, "revoked_token");
    assert!(transmitter.acknowledged().is_empty() && transmitter.reported().is_empty());
    log.set(LogBehaviour::Answer);
    settled(&transmitter).await;
    assert_eq!(transmitter.acknowledged().len(), 1);
    assert!(!log.is_empty());
    until(&server, "no error", |health| !is_deferred(health)).await;
    assert_eq!(health(&server).last_error, None);
}
