//! Polling by instances that share a feed of revocations.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum_protected::revocation::{
    LogFuture, LogPage, LogPosition, LogState, RevocationFeed, RevocationLog,
};
use axum_protected_tests::bounded;
use tokio::time::sleep;

use super::polled::{
    health, judged, polled, server, session_revoked, settled, token, transmitter, until,
};

/// A log in memory, which a test can make unreachable.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Content>>);

#[derive(Default)]
struct Content {
    records: Vec<String>,
    is_down: bool,
}

impl Log {
    fn set_down(&self, is_down: bool) {
        self.0.lock().unwrap().is_down = is_down;
    }
}

fn position(index: usize) -> LogPosition {
    LogPosition::new(1, u64::try_from(index).unwrap())
}

impl RevocationLog for Log {
    fn append(&self, records: Vec<String>) -> LogFuture<'_, ()> {
        Box::pin(async move {
            let mut content = self.0.lock().unwrap();
            if content.is_down {
                return Err("the log is down".into());
            }
            content.records.extend(records);
            Ok(())
        })
    }

    fn read(
        &self,
        after: Option<LogPosition>,
        limit: usize,
        wait: Duration,
    ) -> LogFuture<'_, LogPage> {
        Box::pin(async move {
            sleep(wait.min(Duration::from_millis(20))).await;
            let content = self.0.lock().unwrap();
            if content.is_down {
                return Err("the log is down".into());
            }
            let all =
                content.records.iter().enumerate().map(|(at, text)| (position(at), text.clone()));
            let new: Vec<_> = all.filter(|(at, _)| Some(*at) > after).take(limit).collect();
            let last = content.records.len().checked_sub(1).map(position);
            let state = LogState::new("only", last.map(|_| position(0)), last);
            Ok(LogPage::new(state, new))
        })
    }

    fn trim(&self, _: LogPosition) -> LogFuture<'_, ()> {
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test]
async fn one_instance_polls_and_all_instances_refuse_the_token() {
    let (transmitter, log) = (transmitter().await, Log::default());
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
    let (transmitter, log) = (transmitter().await, Log::default());
    let feed = RevocationFeed::new(log.clone());
    let builder = server().revocation_feed(feed).event_transmitter(polled(&transmitter));
    let server = builder.build().unwrap();
    server.ready().await.unwrap();
    log.set_down(true);
    transmitter.offer(&session_revoked(&transmitter, "alice").sign());
    let is_deferred = |health: &axum_protected::server::EventTransmitterHealth| {
        health.poll.as_ref().unwrap().last_error.is_some()
    };
    until(&server, "an event that is not shared", is_deferred).await;
    // The revocation holds here already.
    assert_eq!(judged(&server, &token("alice").sign()).await, "revoked_token");
    assert!(transmitter.acknowledged().is_empty() && transmitter.reported().is_empty());
    log.set_down(false);
    settled(&transmitter).await;
    assert_eq!(transmitter.acknowledged().len(), 1);
    assert!(!log.0.lock().unwrap().records.is_empty());
    until(&server, "no error", |health| !is_deferred(health)).await;
    assert_eq!(health(&server).last_error, None);
}
