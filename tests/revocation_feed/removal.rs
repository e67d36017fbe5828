//! Removal of records from the log.

use axum_protected::Issuer;
use axum_protected::revocation::{Revocation, RevocationFeed};
use axum_protected_tests::{keys, trusting};
use tokio::time::sleep;

use super::clock::SkewedClock;
use super::log::SharedLog;
use super::{
    ISSUER, SECOND, at, code, feed_health, good, lenient_server, revoke, settle, strict_server,
};

/// The entries have ended by the clock of one instance only. It removes them from the log, about once a
/// minute.
#[tokio::test(start_paused = true)]
async fn what_an_instance_with_a_clock_that_is_ahead_removes_is_appended_again() {
    let log = SharedLog::new(1);
    let right = strict_server(log.connect());
    for number in 0..200 {
        let revocation = Revocation::token(ISSUER, format!("j{number}"));
        right.revocations().revoke(revocation, at(1500)).await.unwrap();
    }
    let clock = SkewedClock::start();
    clock.set_ahead(3_600_000);
    let _ahead = trusting(Issuer::new(ISSUER).jwks(keys().jwks()))
        .clock(clock)
        .revocation_feed(RevocationFeed::new(log.connect()))
        .build()
        .unwrap();
    let mut causes = Vec::new();
    for _ in 0..200 {
        sleep(SECOND).await;
        causes.extend(feed_health(&right).last_error);
        causes.dedup();
    }
    assert!(causes[0].contains("more than 10 minutes ahead"), "{causes:?}");
    assert_eq!(causes.len(), 1, "{causes:?}");

    let later = lenient_server(log.connect());
    later.ready().await.unwrap();
    sleep(5 * SECOND).await;
    for server in [&right, &later] {
        assert_eq!(code(server, good()).await, "revoked_token");
        assert_eq!(code(server, good().claim("jti", "another")).await, "ok");
    }
}

#[tokio::test(start_paused = true)]
async fn ended_records_are_removed_and_others_are_not() {
    let log = SharedLog::new(1);
    let (one, _other) = (lenient_server(log.connect()), lenient_server(log.connect()));
    for number in 0..400 {
        let revocation = Revocation::token(ISSUER, format!("short-{number}"));
        drop(one.revocations().revoke(revocation, at(100)));
    }
    revoke(&one, "j1").await.unwrap();
    sleep(600 * SECOND).await;
    assert!(log.records(0).len() >= 401, "a clock may be wrong by ten minutes");
    sleep(300 * SECOND).await;
    let records: Vec<_> = log.records(0).into_iter().map(|(_, text)| text).collect();
    assert!(records.len() < 128, "{} records", records.len());
    assert!(records.iter().any(|text| text.contains("\"j1\"")), "{records:?}");
    // The removal is not a loss: nothing is appended again.
    sleep(120 * SECOND).await;
    assert_eq!(log.records(0).len(), records.len());
}

/// A program deletes the log while a server removes ended records. The clock of the log is an hour
/// behind, so that the log gives lower positions than before.
#[tokio::test(start_paused = true)]
async fn a_trim_removes_nothing_from_a_log_that_was_deleted_and_began_again() {
    let log = SharedLog::new(1);
    let ended =
        |number: u32| format!(r#"{{"v":1,"issuer":"{ISSUER}","token":"{number}","until":7}}"#);
    for number in 0..200 {
        log.append(ended(number));
    }
    let linked = log.connect();
    log.set_link(linked.link(), |link| link.delay = SECOND / 2);
    let server = lenient_server(linked);
    while log.records(0).len() == 200 {
        sleep(SECOND / 1000).await;
    }
    log.delete(3_600_000);
    let text = format!(r#"{{"v":1,"issuer":"{ISSUER}","token":"j1","until":2000003600}}"#);
    let position = log.append(&*text);
    settle().await;
    assert_eq!(log.records(0), [(position, text)]);
    assert_eq!(code(&server, good()).await, "revoked_token");
}
