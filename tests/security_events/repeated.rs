//! Tests that a repeated token is a success without a second effect.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum_protected::security_event::ReceivedEvent;
use axum_protected_tests::Log;
use tokio::task::JoinSet;

use super::{Receiver, access_token, builder, logout_token, session_revoked, transmitter, user};

#[tokio::test]
async fn a_repeated_event_is_a_success_without_a_second_effect() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let count = move |_: ReceivedEvent| {
        counted.fetch_add(1, Ordering::Relaxed);
        async { Ok::<_, String>(Vec::new()) }
    };
    let server = builder().event_transmitter(transmitter().further_revocations(count));
    let api = Receiver::of(server);
    let event = session_revoked().claim("jti", "e1");
    for _ in 0..3 {
        assert_eq!(api.push(event.clone()).await.status, 202);
    }
    // The same identifier with other claims is the same event.
    let other = event.clone().subject(user(super::ISSUER, "bob"));
    assert_eq!(api.push(other).await.status, 202);
    assert_eq!(api.judge(access_token("bob", "s1")).await, "accepted");
    assert_eq!(calls.load(Ordering::Relaxed), 1);
    assert_eq!(api.push(event.claim("jti", "e2")).await.status, 202);
    assert_eq!(calls.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn parallel_copies_of_an_event_have_one_effect_and_wait_for_it() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let count = move |_: ReceivedEvent| {
        counted.fetch_add(1, Ordering::Relaxed);
        async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            Ok::<_, String>(Vec::new())
        }
    };
    let server = builder().event_transmitter(transmitter().further_revocations(count));
    let api = Receiver::of(server);
    let event = session_revoked().sign();
    let token = access_token("alice", "s1").sign();
    let mut copies = JoinSet::new();
    for _ in 0..100 {
        let (api, event, token) = (api.clone(), event.clone(), token.clone());
        copies.spawn(async move {
            assert_eq!(api.push_text(event).await.status, 202);
            // Whoever got the answer finds the tokens revoked.
            api.judge_text(&token).await
        });
    }
    assert_eq!(copies.join_all().await, vec!["revoked_token".to_owned(); 100]);
    assert_eq!(calls.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_repeated_logout_is_a_success_without_a_second_effect() {
    let (log, _guard) = Log::open();
    let api = Receiver::of(builder());
    let token = logout_token().sign();
    for _ in 0..2 {
        assert_eq!(api.log_out_with(&token).await.status, 200);
    }
    let result = |event: &axum_protected_tests::log::Entry| event.get("result").unwrap().to_owned();
    let results: Vec<_> = log
        .take()
        .iter()
        .filter(|event| event.name == "axum_protected.backchannel_logout.completed")
        .map(result)
        .collect();
    assert_eq!(results, ["revoked", "repeated"]);
}

/// An identifier of one transmitter says nothing about those of another one.
#[tokio::test]
async fn an_identifier_belongs_to_its_transmitter() {
    const OTHER: &str = "https://other.example.com";
    let other =
        axum_protected::security_event::EventTransmitter::new(OTHER).audience(super::RECEIVER);
    let server = builder().issuer(super::issuer(OTHER)).event_transmitter(transmitter());
    let api = Receiver::of(server.event_transmitter(other));
    let event = session_revoked().claim("jti", "e1");
    let of_other = event.clone().claim("iss", OTHER).subject(user(OTHER, "alice"));
    assert_eq!(api.push(of_other).await.status, 202);
    assert_eq!(api.judge(access_token("alice", "s1")).await, "accepted");
    assert_eq!(api.push(event).await.status, 202);
    assert_eq!(api.judge(access_token("alice", "s1")).await, "revoked_token");
}
