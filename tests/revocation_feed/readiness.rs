//! Tests of `ready` and of the member `ready` of the health.

use std::time::Duration;

use axum_protected::revocation::RevocationFeed;
use tokio::time::{Instant, sleep};

use super::log::{Fault, SharedLog};
use super::{HOUR, ISSUER, SECOND, at, builder, code, good, lenient_server, refuse, settle};
use axum_protected::revocation::Revocation;

type Setting = fn(RevocationFeed) -> RevocationFeed;

/// A log with so many records that reading it takes about a second.
async fn long_log() -> SharedLog {
    let log = SharedLog::new(1);
    let writer = lenient_server(log.connect());
    writer.ready().await.unwrap();
    for number in 0..4000 {
        let revocation = Revocation::token(ISSUER, format!("j{number}"));
        drop(writer.revocations().revoke(revocation, at(HOUR)));
    }
    writer.revocations().revoke(Revocation::token(ISSUER, "last"), at(HOUR)).await.unwrap();
    log
}

#[tokio::test(start_paused = true)]
async fn ready_waits_while_the_log_is_read() {
    let log = long_log().await;
    let settings: [Setting; 3] = [|feed| feed, refuse, RevocationFeed::required];
    for setting in settings {
        let linked = log.connect();
        log.set_link(linked.link(), |link| link.delay = Duration::from_millis(100));
        let server = builder(linked, setting).build().unwrap();
        assert!(!server.health().ready);
        server.ready().await.unwrap();
        assert!(server.health().ready);
        assert_eq!(code(&server, good().claim("jti", "last")).await, "revoked_token");
    }
}

/// Requests that come before are judged by what is known.
#[tokio::test(start_paused = true)]
async fn a_server_judges_by_what_it_has_read_so_far() {
    let log = long_log().await;
    let linked = log.connect();
    log.set_link(linked.link(), |link| link.delay = Duration::from_millis(400));
    let server = lenient_server(linked);
    assert_eq!(code(&server, good().claim("jti", "j0")).await, "ok");
    while code(&server, good().claim("jti", "j0")).await == "ok" {
        sleep(Duration::from_millis(10)).await;
    }
    assert!(!server.health().ready);
    assert_eq!(code(&server, good().claim("jti", "last")).await, "ok");
}

#[tokio::test(start_paused = true)]
async fn without_an_answer_of_the_log_the_settings_decide() {
    let settings: [(&str, Setting, bool); 3] = [
        ("go on", |feed| feed, true),
        ("refuse", refuse, false),
        ("required", RevocationFeed::required, false),
    ];
    for (name, setting, expected) in settings {
        for fault in [Fault::Errors, Fault::Silence] {
            let log = SharedLog::new(1);
            let linked = log.connect();
            log.set_link(linked.link(), |link| link.fault = fault);
            let server = builder(linked.clone(), setting).build().unwrap();
            let began = Instant::now();
            let ready = server.ready().await;
            assert!(began.elapsed() <= 6 * SECOND, "{name} {fault:?}: {:?}", began.elapsed());
            assert_eq!(ready.is_ok(), expected, "{name} {fault:?}: {ready:?}");
            assert_eq!(server.health().ready, expected, "{name} {fault:?}");
            if let Err(error) = ready {
                let text = error.to_string();
                assert!(text.contains("revocation"), "{name} {fault:?}: {text}");
            }
            log.set_link(linked.link(), |link| link.fault = Fault::None);
            settle().await;
            server.ready().await.unwrap();
            assert!(server.health().ready);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_after_the_first_page_makes_only_a_refusing_server_not_ready() {
    let settings: [(&str, Setting, bool); 3] = [
        ("go on", |feed| feed, true),
        ("refuse", refuse, false),
        ("required", RevocationFeed::required, true),
    ];
    for (name, setting, expected) in settings {
        let log = SharedLog::new(1);
        let linked = log.connect();
        let server = builder(linked.clone(), setting).build().unwrap();
        server.ready().await.unwrap();
        log.set_link(linked.link(), |link| link.fault = Fault::Errors);
        settle().await;
        assert_eq!(server.health().ready, expected, "{name}");
        assert_eq!(server.ready().await.is_ok(), expected, "{name}");
    }
}
