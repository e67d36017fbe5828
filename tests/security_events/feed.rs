//! Tests that a success says that all instances know of a revocation.

use std::time::Duration;

use axum_protected::revocation::RevocationFeed;
use axum_protected_tests::{LogBehaviour, ScriptedLog, bounded};

use super::{Receiver, access_token, builder, logout_token, session_revoked, transmitter};

/// Returns an instance of the API that shares its revocations through the log.
async fn instance(log: &ScriptedLog) -> Receiver {
    let builder = builder().event_transmitter(transmitter());
    let server = builder.revocation_feed(RevocationFeed::new(log.clone())).build().unwrap();
    bounded("the log", server.ready()).await.unwrap();
    Receiver::of_server(server)
}

/// Waits until the instance refuses the tokens of the session.
async fn refused_by(instance: &Receiver) {
    let refused = async {
        while instance.judge(access_token("alice", "s1")).await != "revoked_token" {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    bounded("the revocation in the other instance", refused).await;
}

#[tokio::test]
async fn a_logout_at_one_instance_holds_at_the_other() {
    let log = ScriptedLog::default();
    let (one, other) = (instance(&log).await, instance(&log).await);
    assert_eq!(one.log_out(logout_token()).await.status, 200);
    assert_eq!(log.len(), 1);
    refused_by(&other).await;
}

#[tokio::test]
async fn an_event_at_one_instance_holds_at_the_other() {
    let log = ScriptedLog::default();
    let (one, other) = (instance(&log).await, instance(&log).await);
    assert_eq!(one.push(session_revoked()).await.status, 202);
    assert_eq!(log.len(), 1);
    refused_by(&other).await;
}

#[tokio::test]
async fn a_revocation_that_is_only_local_is_not_a_success() {
    let log = ScriptedLog::default();
    let (one, other) = (instance(&log).await, instance(&log).await);
    log.set(LogBehaviour::Fail);
    let logout = logout_token().sign();
    let answer = one.log_out_with(&logout).await;
    assert_eq!(answer.outcome(), (400, "temporarily_unavailable".to_owned()));
    assert!(!answer.body.contains("the log is off"), "{}", answer.body);
    // It takes effect here, and elsewhere when the log answers again.
    assert_eq!(one.judge(access_token("alice", "s1")).await, "revoked_token");
    assert_eq!(other.judge(access_token("alice", "s1")).await, "accepted");
    let event = session_revoked().sign();
    let answer = one.push_text(event.clone()).await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("5")));
    log.set(LogBehaviour::Answer);
    refused_by(&other).await;
    // The sender tries again: it was told so, because the first attempt does not count.
    let again = async {
        while one.log_out_with(&logout).await.status != 200
            || one.push_text(event.clone()).await.status != 202
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    bounded("a success", again).await;
}

#[tokio::test]
async fn tokens_must_not_live_longer_than_the_feed_remembers() {
    let feed = || RevocationFeed::new(ScriptedLog::default()).horizon(Duration::from_secs(3599));
    let problem = builder().revocation_feed(feed()).build().unwrap_err().to_string();
    let expected = "is 3600 s, and the `horizon` of the revocation feed is 3599 s";
    assert!(problem.contains(expected), "{problem}");
    let silent = axum_protected::ResourceServer::builder()
        .issuer(super::issuer(super::ISSUER))
        .audience("https://api.example.com")
        .revocation_feed(feed());
    assert!(silent.build().is_ok(), "nothing revokes the tokens of this issuer");
}

/// A subject that is longer than any token has no tokens.
#[tokio::test]
async fn an_event_about_a_subject_that_no_token_can_name_is_acknowledged() {
    let log = ScriptedLog::default();
    let api = instance(&log).await;
    let long = session_revoked().subject(super::user(super::ISSUER, &"a".repeat(30_000)));
    assert_eq!(api.push(long).await.status, 202);
    assert_eq!(log.len(), 0);
}
