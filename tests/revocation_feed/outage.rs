//! Tests of the choice for outages: to go on with the known revocations, or to refuse all tokens.

use std::time::Duration;

use axum_protected::ResourceServer;
use axum_protected::clock::{Clock, SystemClock};
use axum_protected::revocation::{Revocation, RevocationFeed};
use axum_protected_tests::{App, Call, bounded, token};
use tokio::time::{Instant, sleep};

use super::clock::SkewedClock;
use super::log::{Fault, LinkedLog, SharedLog};
use super::{
    ISSUER, SECOND, builder, code, good, lenient_server, refuse, revoke, settle, strict_server,
};

const UNAVAILABLE: &str = "revocations_unavailable";

type Setting = fn(RevocationFeed) -> RevocationFeed;

const GO_ON: Setting = |feed| feed;
const REFUSE: Setting = refuse;
const REQUIRED: Setting = RevocationFeed::required;
const BOTH: Setting = |feed| refuse(feed).required();

fn set_fault(log: &SharedLog, linked: &LinkedLog, fault: Fault) {
    log.set_link(linked.link(), |link| link.fault = fault);
}

#[tokio::test(start_paused = true)]
async fn the_choice_holds_before_the_first_page_and_after_it() {
    for (name, setting, before, during) in [
        ("go on", GO_ON, "ok", "ok"),
        ("refuse", REFUSE, UNAVAILABLE, UNAVAILABLE),
        ("required", REQUIRED, UNAVAILABLE, "ok"),
        ("both", BOTH, UNAVAILABLE, UNAVAILABLE),
    ] {
        for fault in [Fault::Errors, Fault::Silence, Fault::Stall] {
            let log = SharedLog::new(1);
            let linked = log.connect();
            set_fault(&log, &linked, fault);
            let server = builder(linked.clone(), setting).build().unwrap();
            assert_eq!(code(&server, good()).await, before, "{name}: {fault:?} at first");
            settle().await;
            assert_eq!(code(&server, good()).await, before, "{name}: {fault:?} from the start");
            set_fault(&log, &linked, Fault::None);
            settle().await;
            assert_eq!(code(&server, good()).await, "ok", "{name}: {fault:?} is over");
            set_fault(&log, &linked, fault);
            settle().await;
            assert_eq!(code(&server, good()).await, during, "{name}: {fault:?} again");
            set_fault(&log, &linked, Fault::None);
            settle().await;
            assert_eq!(code(&server, good()).await, "ok", "{name}: {fault:?} is over again");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_refuses_does_so_a_second_after_the_last_answer() {
    let log = SharedLog::new(1);
    let linked = log.connect();
    let server = strict_server(linked.clone());
    server.ready().await.unwrap();
    set_fault(&log, &linked, Fault::Stall);
    let began = Instant::now();
    while code(&server, good()).await == "ok" {
        sleep(Duration::from_millis(1)).await;
    }
    let after = began.elapsed();
    // The last answer may have been asked for 250 ms earlier.
    assert!(
        (Duration::from_millis(740)..=Duration::from_millis(1010)).contains(&after),
        "{after:?}"
    );
    // Nothing flickers.
    for _ in 0..50 {
        sleep(Duration::from_millis(100)).await;
        assert_eq!(code(&server, good()).await, UNAVAILABLE);
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_refuses_accepts_all_valid_tokens_while_the_log_answers() {
    let log = SharedLog::new(1);
    let linked = log.connect();
    log.set_link(linked.link(), |link| link.delay = Duration::from_millis(80));
    let (server, other) = (strict_server(linked), lenient_server(log.connect()));
    server.ready().await.unwrap();
    for number in 0..300 {
        if number % 10 == 0 {
            revoke(&other, &format!("other-{number}")).await.unwrap();
        }
        assert_eq!(code(&server, good()).await, "ok", "{number}");
        sleep(Duration::from_millis(97)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn known_revocations_hold_during_an_outage() {
    for setting in [GO_ON, REFUSE] {
        let log = SharedLog::new(1);
        let linked = log.connect();
        let server = builder(linked.clone(), setting).build().unwrap();
        let other = lenient_server(log.connect());
        revoke(&other, "j1").await.unwrap();
        sleep(SECOND).await;
        set_fault(&log, &linked, Fault::Errors);
        settle().await;
        assert_ne!(code(&server, good()).await, "ok");
        // What was revoked during the outage arrives after it.
        revoke(&other, "j2").await.unwrap();
        set_fault(&log, &linked, Fault::None);
        settle().await;
        for jti in ["j1", "j2"] {
            assert_eq!(code(&server, good().claim("jti", jti)).await, "revoked_token");
        }
        assert_eq!(code(&server, good().claim("jti", "j3")).await, "ok");
    }
}

/// A process that was stopped for a minute must not accept a token before it has read the log.
#[tokio::test(start_paused = true)]
async fn a_clock_that_moved_makes_the_server_refuse_until_it_has_read() {
    for jump in [60_000, -60_000, 1100, -1100] {
        let log = SharedLog::new(1);
        let clock = SkewedClock::start();
        let server = builder(log.connect(), refuse).clock(clock.clone()).build().unwrap();
        server.ready().await.unwrap();
        assert_eq!(code(&server, good()).await, "ok");
        clock.set_ahead(jump);
        assert_eq!(code(&server, good()).await, UNAVAILABLE, "{jump}");
        sleep(SECOND).await;
        assert_eq!(code(&server, good()).await, "ok", "{jump}");
    }
}

/// A clock that was set back by the duration of an outage shows the time of the last answer again.
#[tokio::test(start_paused = true)]
async fn a_clock_that_was_set_back_during_an_outage_does_not_end_it() {
    let log = SharedLog::new(1);
    let linked = log.connect();
    let clock = SkewedClock::start();
    let server = builder(linked.clone(), refuse).clock(clock.clone()).build().unwrap();
    server.ready().await.unwrap();
    set_fault(&log, &linked, Fault::Stall);
    sleep(30 * SECOND).await;
    for ahead in (-31_500..=-28_500).step_by(100) {
        clock.set_ahead(ahead);
        assert_eq!(code(&server, good()).await, UNAVAILABLE, "{ahead}");
    }
}

#[tokio::test]
async fn the_refusal_tells_clients_to_try_again() {
    let log = SharedLog::new(1);
    let linked = log.connect();
    set_fault(&log, &linked, Fault::Errors);
    let builder = builder(linked.clone(), refuse).clock(SystemClock);
    let server: ResourceServer = builder.build().unwrap();
    let app = App::serve(server).await;
    let text = token(ISSUER).scope("items:read").sign();
    let call = Call::get("/api/items").bearer(&text);
    let challenge = app.refuses(&call, 503, UNAVAILABLE).await;
    assert!(challenge.is_none(), "another credential does not help");
    let answer = call.send(app.address).await;
    let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    // Requests without a valid token are refused as ever.
    app.refuses(&Call::get("/api/items"), 401, "missing_token").await;
    app.refuses(&Call::get("/api/items").bearer("a.b.c"), 401, "malformed_token").await;
    set_fault(&log, &linked, Fault::None);
    let recovered = async {
        while !call.send(app.address).await.is_success() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    bounded("the end of the outage", recovered).await;
    app.grants(&call).await;
}

#[tokio::test]
async fn a_revocation_of_another_server_is_a_refusal_over_http() {
    let log = SharedLog::new(1);
    let system = |log| builder(log, |feed| feed).clock(SystemClock).build().unwrap();
    let (server, other) = (system(log.connect()), system(log.connect()));
    let app = App::serve(server).await;
    let text = token(ISSUER).scope("items:read").claim("jti", "j1").sign();
    let call = Call::get("/api/items").bearer(&text);
    app.grants(&call).await;
    let until = SystemClock.now() + Duration::from_secs(3600);
    other.revocations().revoke(Revocation::token(ISSUER, "j1"), until).await.unwrap();
    sleep(SECOND).await;
    app.refuses(&call, 401, "revoked_token").await;
}

/// A server without a feed does not change.
#[tokio::test(start_paused = true)]
async fn a_server_that_goes_on_is_not_disturbed_by_a_log_that_never_answers() {
    let log = SharedLog::new(1);
    let linked = log.connect();
    set_fault(&log, &linked, Fault::Silence);
    let server = lenient_server(linked);
    for _ in 0..100 {
        let began = Instant::now();
        assert_eq!(code(&server, good()).await, "ok");
        assert_eq!(began.elapsed(), Duration::ZERO);
        sleep(SECOND).await;
    }
}
