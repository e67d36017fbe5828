//! Tests of the results of `revoke`.

use std::time::Duration;

use axum_protected::revocation::{Revocation, RevocationError};
use axum_protected::{ResourceServer, ResourceServerBuilder};
use tokio::time::{Instant, sleep, timeout};

use super::log::{Fault, LinkedLog, LostAnswers, SharedLog};
use super::{
    HOUR, ISSUER, SECOND, at, builder, code, feed_health, good, lenient_server, revoke, settle,
};

fn texts(log: &SharedLog) -> Vec<String> {
    log.records(log.newest()).into_iter().map(|(_, text)| text).collect()
}

/// Returns a log, a server that follows it, and the connection of the server.
async fn following(
    settings: impl FnOnce(ResourceServerBuilder) -> ResourceServerBuilder,
) -> (SharedLog, ResourceServer, LinkedLog) {
    let log = SharedLog::new(1);
    let linked = log.connect();
    let server = settings(builder(linked.clone(), |feed| feed)).build().unwrap();
    server.ready().await.unwrap();
    (log, server, linked)
}

#[tokio::test(start_paused = true)]
async fn success_means_that_the_log_has_the_record() {
    let (log, server, linked) = following(|builder| builder).await;
    log.set_link(linked.link(), |link| link.delay = Duration::from_millis(100));
    for number in 0..10 {
        let jti = format!("j-{number}");
        revoke(&server, &jti).await.unwrap();
        let records = texts(&log);
        assert_eq!(records.iter().filter(|text| text.contains(&jti)).count(), 1, "{records:?}");
    }
}

/// The format is a contract between all versions of this crate.
#[tokio::test(start_paused = true)]
async fn the_records_have_the_documented_format() {
    let (log, server, _) = following(|builder| builder).await;
    let half = Duration::from_millis(500);
    for (revocation, until) in [
        (Revocation::token(ISSUER, "a \"b\""), at(1)),
        (Revocation::session(ISSUER, "s"), at(1)),
        (Revocation::subject(ISSUER, "u", at(0)), at(1)),
        (Revocation::client(ISSUER, "c", at(0)), at(1)),
        (Revocation::issuer(ISSUER, at(0)), at(1)),
        (Revocation::subject(ISSUER, "f", at(0) + half), at(1) + half),
    ] {
        server.revocations().revoke(revocation, until).await.unwrap();
    }
    let issuer = format!(r#"{{"v":1,"issuer":"{ISSUER}","#);
    let times = r#""until":2000000001,"issued_until":2000000000}"#;
    let with_fractions = concat!(
        r#""until":2000000001,"until_nanoseconds":500000000,"#,
        r#""issued_until":2000000000,"issued_until_nanoseconds":500000000}"#
    );
    let expected = [
        format!(r#"{issuer}"token":"a \"b\"","until":2000000001}}"#),
        format!(r#"{issuer}"session":"s","until":2000000001}}"#),
        format!(r#"{issuer}"subject":"u",{times}"#),
        format!(r#"{issuer}"client":"c",{times}"#),
        format!(r#"{issuer}"all":true,{times}"#),
        format!(r#"{issuer}"subject":"f",{with_fractions}"#),
    ];
    assert_eq!(texts(&log), expected);
}

#[tokio::test(start_paused = true)]
async fn without_the_log_a_revocation_is_local_and_shared_later() {
    for fault in [Fault::Errors, Fault::Silence, Fault::Stall] {
        let (log, server, linked) = following(|builder| builder).await;
        let other = lenient_server(log.connect());
        other.ready().await.unwrap();
        log.set_link(linked.link(), |link| link.fault = fault);
        let began = Instant::now();
        let revoking = server.revocations().revoke(Revocation::token(ISSUER, "j1"), at(HOUR));
        assert_eq!(code(&server, good()).await, "revoked_token", "before the future is awaited");
        let error = revoking.await.unwrap_err();
        assert!(began.elapsed() <= 5 * SECOND, "{fault:?}: {:?}", began.elapsed());
        assert!(matches!(error, RevocationError::LocalOnly(_)), "{fault:?}: {error:?}");
        assert!(error.to_string().contains("in this process only"), "{error}");
        settle().await;
        assert_eq!(feed_health(&server).unshared, 1, "{fault:?}");
        assert_eq!(code(&other, good()).await, "ok");
        log.set_link(linked.link(), |link| link.fault = Fault::None);
        settle().await;
        assert_eq!(code(&other, good()).await, "revoked_token", "{fault:?}");
        assert_eq!(feed_health(&server).unshared, 0, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_cause_of_a_local_revocation_is_named() {
    let (log, server, linked) = following(|builder| builder).await;
    log.set_link(linked.link(), |link| link.fault = Fault::Errors);
    let error = revoke(&server, "j1").await.unwrap_err();
    let causes = std::iter::successors(Some(&error as &dyn std::error::Error), |e| e.source());
    let texts: Vec<_> = causes.map(ToString::to_string).collect();
    assert!(texts.join(": ").contains("the connection was closed"), "{texts:?}");
    assert!(!texts.join(": ").contains("j1"), "{texts:?}");
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_an_error_although_the_log_may_have_the_record() {
    for lost in [LostAnswers::AsError, LostAnswers::InSilence] {
        let (log, server, linked) = following(|builder| builder).await;
        log.set_link(linked.link(), |link| link.lost_answers = lost);
        for number in 0..20 {
            let jti = format!("j-{number}");
            let _ = timeout(10 * SECOND, revoke(&server, &jti)).await.unwrap();
        }
        log.set_link(linked.link(), |link| link.lost_answers = LostAnswers::Never);
        settle().await;
        let records = texts(&log);
        for number in 0..20 {
            let jti = format!("\"j-{number}\"");
            assert!(records.iter().any(|text| text.contains(&jti)), "{lost:?} {jti}");
        }
        assert!(records.len() < 60, "{lost:?}: {} records", records.len());
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_future_cancels_nothing() {
    let (log, server, _) = following(|builder| builder).await;
    let other = lenient_server(log.connect());
    drop(server.revocations().revoke(Revocation::token(ISSUER, "j1"), at(HOUR)));
    let mut polled =
        Box::pin(server.revocations().revoke(Revocation::token(ISSUER, "j2"), at(HOUR)));
    let first = std::future::poll_fn(|context| {
        std::task::Poll::Ready(polled.as_mut().poll(context).is_pending())
    });
    let _ = first.await;
    drop(polled);
    sleep(SECOND).await;
    for jti in ["j1", "j2"] {
        assert_eq!(code(&other, good().claim("jti", jti)).await, "revoked_token");
    }
}

#[tokio::test(start_paused = true)]
async fn an_end_beyond_the_horizon_revokes_nothing() {
    let log = SharedLog::new(1);
    let builder = builder(log.connect(), |feed| feed.horizon(Duration::from_secs(600)));
    let server = builder.build().unwrap();
    let revoke = |until| server.revocations().revoke(Revocation::token(ISSUER, "j1"), at(until));
    let error = revoke(601).await.unwrap_err();
    assert!(matches!(error, RevocationError::BeyondHorizon), "{error:?}");
    assert!(error.to_string().starts_with("nothing was revoked"), "{error}");
    assert_eq!(code(&server, good()).await, "ok");
    assert!(texts(&log).is_empty());
    revoke(600).await.unwrap();
    assert_eq!(code(&server, good()).await, "revoked_token");
    // The horizon moves with the clock.
    sleep(100 * SECOND).await;
    revoke(700).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_refused_revocation_is_not_shared() {
    let (log, server, _) = following(|builder| builder.revocation_bytes(300)).await;
    let revoke = |issuer: &str, until| {
        server.revocations().revoke(Revocation::token(issuer, "j".repeat(300)), until)
    };
    let full = revoke(ISSUER, at(HOUR)).await.unwrap_err();
    assert!(matches!(full, RevocationError::Full), "{full:?}");
    let over = revoke(ISSUER, at(0) - 31 * SECOND).await.unwrap_err();
    assert!(matches!(over, RevocationError::Over), "{over:?}");
    let unknown = revoke("https://other.example.com", at(HOUR)).await.unwrap_err();
    assert!(matches!(unknown, RevocationError::UnknownIssuer), "{unknown:?}");
    settle().await;
    assert!(texts(&log).is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_extended_revocation_is_shared_again() {
    let log = SharedLog::new(1);
    let (one, other) = (lenient_server(log.connect()), lenient_server(log.connect()));
    let by_sub = |latest, until| {
        one.revocations().revoke(Revocation::subject(ISSUER, "alice", at(latest)), at(until))
    };
    let token = |iat: u64| good().claim("iat", super::BEGINNING + iat);
    sleep(50 * SECOND).await;
    by_sub(10, 60).await.unwrap();
    by_sub(20, HOUR).await.unwrap();
    by_sub(5, 70).await.unwrap();
    sleep(SECOND).await;
    assert_eq!(code(&other, token(20)).await, "revoked_token");
    assert_eq!(code(&other, token(21)).await, "ok");
    // The list has one entry for all three.
    assert_eq!(feed_health(&other).entries, 1);
    sleep(300 * SECOND).await;
    let later = lenient_server(log.connect());
    later.ready().await.unwrap();
    assert_eq!(code(&later, token(20)).await, "revoked_token");
}

#[tokio::test(start_paused = true)]
async fn revocations_of_one_moment_are_appended_together() {
    let (log, server, linked) = following(|builder| builder).await;
    // With one call a record, 200 of them would take at least 10 s.
    log.set_link(linked.link(), |link| link.delay = Duration::from_millis(100));
    let revoking: Vec<_> = (0..200)
        .map(|n| server.revocations().revoke(Revocation::token(ISSUER, n.to_string()), at(HOUR)))
        .collect();
    let began = Instant::now();
    for revoking in revoking {
        revoking.await.unwrap();
    }
    assert!(began.elapsed() < 2 * SECOND, "{:?}", began.elapsed());
    assert_eq!(texts(&log).len(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_revocation_at_a_server_that_ends_is_answered() {
    let (log, server, linked) = following(|builder| builder).await;
    log.set_link(linked.link(), |link| link.fault = Fault::Stall);
    let revoking = server.revocations().revoke(Revocation::token(ISSUER, "j1"), at(HOUR));
    drop(server);
    let error = timeout(5 * SECOND, revoking).await.unwrap().unwrap_err();
    assert!(matches!(error, RevocationError::LocalOnly(_)), "{error:?}");
}
