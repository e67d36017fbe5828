//! Tests of records that do not fit, that cannot be read, or that were removed.

use axum_protected::revocation::{Revocation, RevocationFeed};
use tokio::time::sleep;

use super::log::{Removal, SharedLog};
use super::{
    HOUR, ISSUER, SECOND, at, builder, code, feed_health, good, lenient_server, refuse, revoke,
    settle, strict_server,
};

const UNAVAILABLE: &str = "revocations_unavailable";

/// Texts that are not records of this version.
fn unreadable() -> Vec<String> {
    let long = "x".repeat(17 * 1024);
    let named = |members: &str| format!(r#"{{"v":1,"issuer":"{ISSUER}",{members}}}"#);
    vec![
        String::new(),
        "null".to_owned(),
        "[]".to_owned(),
        "{".to_owned(),
        "\u{0}".to_owned(),
        r#"{"v":2,"issuer":"x","token":"j1","until":2000003600}"#.to_owned(),
        r#"{"issuer":"x","token":"j1","until":2000003600}"#.to_owned(),
        r#"{"v":1,"token":"j1","until":2000003600}"#.to_owned(),
        named(r#""until":2000003600"#),
        named(r#""token":"j1""#),
        named(r#""token":"j1","session":"s1","until":2000003600"#),
        named(r#""token":"j1","until":2000003600,"more":1"#),
        named(r#""token":"j1","token":"j2","until":2000003600"#),
        named(r#""token":7,"until":2000003600"#),
        named(r#""token":"j1","until":"2000003600""#),
        named(r#""token":"j1","until":-1"#),
        named(r#""token":"j1","until":1e400"#),
        named(r#""subject":"alice","until":2000003600"#),
        named(r#""token":"j1","issued_until":1,"until":2000003600"#),
        named(r#""all":false,"issued_until":1,"until":2000003600"#),
        r#"{"v":1,"trimmed_before":"x","until":2000003600}"#.to_owned(),
        r#"{"v":1,"trimmed_before":"07-0","until":2000003600}"#.to_owned(),
        named(&format!(r#""token":"{long}","until":2000003600"#)),
    ]
}

#[tokio::test(start_paused = true)]
async fn a_record_that_cannot_be_read_is_lag_until_it_is_gone() {
    for text in unreadable() {
        let log = SharedLog::new(1);
        let (going_on, refusing) = (lenient_server(log.connect()), strict_server(log.connect()));
        revoke(&going_on, "before").await.unwrap();
        log.append(&*text);
        revoke(&going_on, "after").await.unwrap();
        sleep(SECOND).await;
        for server in [&going_on, &refusing] {
            let health = feed_health(server);
            assert_eq!((health.unreadable, health.up_to_date), (1, false), "{text} {health:?}");
            for jti in ["before", "after"] {
                assert_eq!(code(server, good().claim("jti", jti)).await, "revoked_token");
            }
        }
        assert_eq!(code(&going_on, good()).await, "ok", "{text}");
        assert_eq!(code(&refusing, good()).await, UNAVAILABLE, "{text}");
        // An operator removes it, with the records before it.
        log.remove(Removal::Foreign, |index| index < 2);
        settle().await;
        for server in [&going_on, &refusing] {
            let health = feed_health(server);
            assert_eq!((health.unreadable, health.up_to_date), (0, true), "{text} {health:?}");
            assert_eq!(code(server, good()).await, "ok", "{text}");
        }
        // What the operator removed with it comes back.
        let later = lenient_server(log.connect());
        later.ready().await.unwrap();
        assert_eq!(code(&later, good().claim("jti", "before")).await, "revoked_token");
    }
}

#[tokio::test(start_paused = true)]
async fn a_record_that_cannot_be_read_is_lag_for_the_horizon_at_most() {
    let log = SharedLog::new(1);
    let server = builder(log.connect(), |feed| refuse(feed).horizon(600 * SECOND)).build().unwrap();
    server.ready().await.unwrap();
    log.append("of a later version");
    // The leeway of 30 s applies to the end of a revocation.
    sleep(620 * SECOND).await;
    assert_eq!(code(&server, good()).await, UNAVAILABLE);
    sleep(20 * SECOND).await;
    assert_eq!(code(&server, good()).await, "ok");
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_does_not_fit_makes_the_server_not_ready() {
    let log = SharedLog::new(1);
    let writer = lenient_server(log.connect());
    let small = |settings: fn(RevocationFeed) -> RevocationFeed| {
        builder(log.connect(), settings).revocation_bytes(2000).build().unwrap()
    };
    let (going_on, refusing) = (small(|feed| feed), small(refuse));
    going_on.ready().await.unwrap();
    for number in 0..50 {
        // Half of them end after a minute.
        let until = if number % 2 == 0 { at(60) } else { at(HOUR) };
        let revocation = Revocation::token(ISSUER, format!("long-name-{number:040}"));
        writer.revocations().revoke(revocation, until).await.unwrap();
    }
    sleep(SECOND).await;
    for server in [&going_on, &refusing] {
        let health = feed_health(server);
        assert!(health.overflow && !health.up_to_date, "{health:?}");
        assert!(!server.health().ready);
        assert!(server.ready().await.is_err());
    }
    assert_eq!(code(&going_on, good()).await, "ok");
    assert_eq!(code(&refusing, good()).await, UNAVAILABLE);
    // The others are not affected, and the small ones append nothing.
    assert!(feed_health(&writer).up_to_date);
    settle().await;
    assert_eq!(log.records(log.newest()).len(), 50);
}

#[tokio::test(start_paused = true)]
async fn an_entry_fits_after_others_have_ended() {
    let log = SharedLog::new(1);
    let writer = lenient_server(log.connect());
    let small = builder(log.connect(), refuse).revocation_bytes(4000).build().unwrap();
    for number in 0..60 {
        let revocation = Revocation::token(ISSUER, format!("long-name-{number:040}"));
        writer.revocations().revoke(revocation, at(60)).await.unwrap();
    }
    revoke(&writer, "j1").await.unwrap();
    sleep(SECOND).await;
    assert_eq!(code(&small, good().claim("jti", "j2")).await, UNAVAILABLE);
    sleep(150 * SECOND).await;
    assert_eq!(code(&small, good().claim("jti", "j2")).await, "ok");
    assert_eq!(code(&small, good()).await, "revoked_token");
    assert!(!feed_health(&small).overflow);
}

#[tokio::test(start_paused = true)]
async fn what_was_removed_from_the_log_comes_back() {
    let removals: [fn(&SharedLog); 4] = [
        |log| log.remove(Removal::Foreign, |_| true),
        |log| log.remove(Removal::Foreign, |index| index < 3),
        |log| log.take_over(log.empty(), &[0, 1], false),
        |log| log.take_over(log.lagging(2, 600_000), &[0, 1], true),
    ];
    for (number, remove) in removals.iter().enumerate() {
        let log = SharedLog::new(1);
        let (one, other) = (lenient_server(log.connect()), strict_server(log.connect()));
        for jti in ["j1", "j2", "j3", "j4"] {
            revoke(&one, jti).await.unwrap();
        }
        sleep(SECOND).await;
        remove(&log);
        settle().await;
        drop(one);
        let later = lenient_server(log.connect());
        later.ready().await.unwrap();
        for jti in ["j1", "j2", "j3", "j4"] {
            let token = || good().claim("jti", jti);
            assert_eq!(code(&later, token()).await, "revoked_token", "{number} {jti}");
            assert_eq!(code(&other, token()).await, "revoked_token", "{number} {jti}");
        }
        // Not every server appends everything, and nothing is appended again and again.
        let records = log.records(log.newest()).len();
        assert!((4..=8).contains(&records), "{number}: {records} records");
        sleep(600 * SECOND).await;
        assert_eq!(log.records(log.newest()).len(), records, "{number}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_copy_with_lower_positions_is_followed() {
    let log = SharedLog::new(1);
    let (one, other) = (lenient_server(log.connect()), strict_server(log.connect()));
    revoke(&one, "j1").await.unwrap();
    sleep(30 * SECOND).await;
    log.take_over(log.lagging(1, 3_600_000), &[0, 1], false);
    sleep(5 * SECOND).await;
    for number in 0..5 {
        let jti = format!("later-{number}");
        revoke(&one, &jti).await.unwrap();
        sleep(SECOND).await;
        assert_eq!(code(&other, good().claim("jti", &*jti)).await, "revoked_token");
        assert_eq!(code(&other, good().claim("jti", "none")).await, "ok");
    }
}

#[tokio::test(start_paused = true)]
async fn many_servers_do_not_all_append_everything() {
    let log = SharedLog::new(1);
    let servers: Vec<_> = (0..10).map(|_| lenient_server(log.connect())).collect();
    for number in 0..500 {
        let revocation = Revocation::token(ISSUER, format!("j-{number}"));
        drop(servers[0].revocations().revoke(revocation, at(HOUR)));
    }
    sleep(2 * SECOND).await;
    let links: Vec<_> = (0..10).collect();
    for link in &links {
        log.set_link(*link, |link| link.delay = std::time::Duration::from_millis(2));
    }
    log.take_over(log.empty(), &links, false);
    settle().await;
    let records = log.records(log.newest()).len();
    assert!((500..2000).contains(&records), "{records} records");
}
