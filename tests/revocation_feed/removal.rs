//! Removal of records from the log.

use axum_protected::Issuer;
use axum_protected::revocation::{Revocation, RevocationFeed};
use axum_protected_tests::{keys, trusting};
use tokio::time::sleep;

use super::clock::SkewedClock;
use super::log::SharedLog;
use super::{ISSUER, SECOND, at, code, feed_health, good, lenient_server, strict_server};

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
