//! Tests of the health of a feed.

use axum_protected::revocation::Revocation;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::log::{Fault, SharedLog};
use super::{
    HOUR, ISSUER, SECOND, at, builder, feed_health, lenient_server, refuse, revoke, settle,
};

#[test]
fn a_server_without_a_feed_has_no_such_member() {
    let server = axum_protected_tests::trusting("https://id.example.com").build().unwrap();
    let health = serde_json::to_value(server.health()).unwrap();
    assert!(health.get("revocation_feed").is_none(), "{health}");
}

#[tokio::test(start_paused = true)]
async fn the_health_states_the_choice_and_the_state() {
    let log = SharedLog::new(1);
    let linked = log.connect();
    let server = builder(linked.clone(), |feed| refuse(feed).required()).build().unwrap();
    let json = || serde_json::to_value(server.health()).unwrap()["revocation_feed"].clone();
    let first = json();
    assert_eq!((&first["outage"], &first["required"]), (&json!("refuse"), &json!(true)));
    assert_eq!((&first["synchronized"], &first["up_to_date"]), (&json!(false), &json!(false)));
    assert_eq!(first["heard_milliseconds"], Value::Null);
    revoke(&server, "a-secret-name").await.unwrap();
    sleep(SECOND).await;
    let following = json();
    assert_eq!(following["up_to_date"], true, "{following}");
    assert_eq!(following["synchronized"], true, "{following}");
    assert!(following["heard_milliseconds"].as_u64().unwrap() < 1000, "{following}");
    assert_eq!(following["entries"], 1, "{following}");
    assert!(following["bytes"].as_u64().unwrap() > 0, "{following}");
    assert_eq!(following["overflow"], false, "{following}");
    for zero in ["unreadable", "unshared"] {
        assert_eq!(following[zero], 0, "{following}");
    }
    log.set_link(linked.link(), |link| link.fault = Fault::Errors);
    let _ = revoke(&server, "another-secret-name").await;
    sleep(30 * SECOND).await;
    let away = json();
    assert_eq!((&away["up_to_date"], &away["unshared"]), (&json!(false), &json!(1)), "{away}");
    assert_eq!(away["synchronized"], true, "{away}");
    let heard = away["heard_milliseconds"].as_u64().unwrap();
    assert!((29_000..=31_000).contains(&heard), "{away}");
    let public = serde_json::to_value(server.health().without_errors()).unwrap();
    assert_eq!(public["revocation_feed"]["last_error"], Value::Null, "{public}");
    assert_eq!(public["revocation_feed"]["unshared"], 1, "{public}");
    let error = away["last_error"].as_str().unwrap();
    assert!(error.contains("the connection was closed"), "{error}");
    assert!(!away.to_string().contains("secret-name"), "{away}");
    log.set_link(linked.link(), |link| link.fault = Fault::None);
    settle().await;
    let back = json();
    assert_eq!((&back["up_to_date"], &back["unshared"]), (&json!(true), &json!(0)), "{back}");
    assert_eq!(back["last_error"], Value::Null, "{back}");
}

#[tokio::test(start_paused = true)]
async fn revocations_that_the_log_lost_are_counted_until_it_has_them_again() {
    let log = SharedLog::new(1);
    let linked = log.connect();
    let server = lenient_server(linked.clone());
    for number in 0..300 {
        let revocation = Revocation::token(ISSUER, number.to_string());
        drop(server.revocations().revoke(revocation, at(HOUR)));
    }
    sleep(SECOND).await;
    assert_eq!(feed_health(&server).unshared, 0);
    log.take_over(log.empty(), &[linked.link()], false);
    sleep(2 * SECOND).await;
    let health = serde_json::to_value(feed_health(&server)).unwrap();
    let loss = "the log was restarted, or another copy has taken over: other instances have 3 s to \
                append what it lacks";
    assert_eq!((&health["up_to_date"], &health["last_error"]), (&json!(false), &json!(loss)));
    settle().await;
    let health = feed_health(&server);
    assert_eq!((health.unshared, health.up_to_date, health.last_error), (0, true, None));
    assert_eq!(log.records(log.newest()).len(), 300);
}
