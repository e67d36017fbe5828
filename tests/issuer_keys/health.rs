//! Tests the health report, from the time before the first fetch of the keys to the time after the
//! server has stopped using the last keys.

use std::time::Duration;

use axum_protected::server::{Health, IssuerHealth};
use axum_protected::{Issuer, ResourceServer};
use axum_protected_tests::issuer::{JWKS, OPENID};
use axum_protected_tests::{Reply, ScriptedIssuer, keys, trusting};
use tokio::time::Instant;

use super::{code, pass, pass_until, warm};

fn of(server: &ResourceServer) -> IssuerHealth {
    let Health { ready, issuers, .. } = server.health();
    assert_eq!(issuers.len(), 1);
    assert_eq!(ready, issuers[0].ready);
    issuers[0].clone()
}

fn minutes(time: Option<Duration>) -> u64 {
    time.unwrap().as_secs() / 60
}

#[tokio::test]
async fn the_age_of_keys_is_reported_until_a_refresh() {
    let issuer = ScriptedIssuer::start().await;
    let server = warm(&issuer).await;
    let health = of(&server);
    assert!(health.ready);
    assert_eq!((health.issuer.as_str(), health.keys), (issuer.url(), 3));
    assert_eq!(health.last_error, None);
    assert_eq!(minutes(health.age), 0);
    // The refresh is due after 70 to 80 % of the default lifetime of one hour.
    let refresh = minutes(health.next_refresh);
    assert!((41..48).contains(&refresh), "{refresh}");
    assert_eq!(minutes(health.usable_for), refresh + 600);
    pass(&issuer, Duration::from_mins(30)).await;
    let health = of(&server);
    assert_eq!(minutes(health.age), 30);
    assert!(minutes(health.next_refresh) < 18);
    assert_eq!(issuer.count(JWKS), 1, "reading the health caused a fetch");
    pass(&issuer, Duration::from_mins(20)).await;
    pass_until(&issuer, Duration::ZERO, || minutes(of(&server).age) < 20).await;
    assert_eq!(issuer.count(JWKS), 2);
}

#[tokio::test]
async fn health_reports_an_outage_throughout() {
    let issuer = ScriptedIssuer::start().await;
    let server = warm(&issuer).await;
    let start = Instant::now();
    issuer.down(true);
    let half_a_minute = Duration::from_secs(30);
    pass_until(&issuer, half_a_minute, || of(&server).last_error.is_some()).await;
    let health = of(&server);
    assert!(health.ready, "valid keys are in use");
    assert!(health.next_refresh.unwrap() <= Duration::from_secs(60));
    pass_until(&issuer, half_a_minute, || start.elapsed() > Duration::from_hours(11)).await;
    let health = of(&server);
    assert!(!health.ready);
    assert_eq!(code(&server, issuer.token()).await, "keys_unavailable");
    assert_eq!((health.keys, health.usable_for), (3, Some(Duration::ZERO)));
    assert!(minutes(health.age) > 650);
    issuer.down(false);
    pass_until(&issuer, half_a_minute, || of(&server).ready).await;
    assert_eq!(of(&server).last_error, None);
}

#[tokio::test]
async fn missing_keys_are_reported_with_a_reason_and_no_secret() {
    let issuer = ScriptedIssuer::silent().await;
    let secret = issuer.at("/jwks?key=m4rk3r");
    let server = trusting(Issuer::new(issuer.url()).jwks_uri(secret)).build().unwrap();
    let none = of(&server);
    assert_eq!((none.ready, none.keys, none.age), (false, 0, None));
    for (reply, expected) in [
        (Reply::text(500, "m4rk3r"), "status 500"),
        (Reply::cut(), "the connection broke"),
        (Reply::text(200, "m4rk3r"), "not a JSON object"),
        (Reply::text(302, "").header("Location", "m4rk3r"), "302"),
    ] {
        issuer.set("/jwks?key=m4rk3r", reply);
        pass(&issuer, Duration::from_secs(10)).await;
        server.reload_keys().await.unwrap_err();
        let health = of(&server);
        let error = health.last_error.clone().unwrap();
        assert!(error.contains(expected), "{error}");
        let body = serde_json::to_string(&server.health()).unwrap();
        assert!(!body.contains("m4rk3r"), "{body}");
        assert!(body.contains(&format!("no key set from `{}`", issuer.at("/jwks"))), "{body}");
    }
}

/// Text from an issuer cannot break the format of the health report.
#[tokio::test]
async fn a_hostile_answer_is_reported_escaped_and_truncated() {
    let issuer = ScriptedIssuer::start().await;
    let hostile = format!("https://x\r\n\u{1b}[31m{}", "y".repeat(10_000));
    issuer.publish_metadata(OPENID, &hostile);
    let server = trusting(issuer.url()).build().unwrap();
    server.reload_keys().await.unwrap_err();
    let error = of(&server).last_error.unwrap();
    assert!(error.contains("another issuer"), "{error}");
    assert!(!error.contains(char::is_control) && error.len() < 400);
}

#[tokio::test]
async fn health_of_each_issuer_is_serialized_as_json() {
    let well = ScriptedIssuer::start().await;
    let sick = ScriptedIssuer::silent().await;
    let fixed = Issuer::new("https://id.example.com").jwks(keys().jwks());
    let server = trusting(well.url()).issuer(sick.url()).issuer(fixed).build().unwrap();
    server.reload_keys().await.unwrap_err();
    let body = serde_json::to_value(server.health()).unwrap();
    assert_eq!(body["ready"], false);
    let of = |url: &str| {
        let issuers = body["issuers"].as_array().unwrap();
        issuers.iter().find(|one| one["issuer"] == url).unwrap()
    };
    assert_eq!(of(well.url())["ready"], true);
    assert!(of(well.url())["age_seconds"].as_u64().unwrap() < 60);
    assert!(of(well.url())["next_refresh_seconds"].as_u64().unwrap() > 2400);
    assert_eq!(of(sick.url())["ready"], false);
    let location = sick.at(OPENID);
    assert_eq!(
        of(sick.url())["last_error"],
        format!(
            "no metadata from `{location}` (nor from 1 other location): the response has status 404"
        )
    );
    let public = server.health().without_errors();
    assert!(public.issuers.iter().all(|issuer| issuer.last_error.is_none()), "{public:?}");
    let fixed = of("https://id.example.com");
    assert_eq!((&fixed["ready"], &fixed["keys"]), (&true.into(), &3.into()));
    for name in ["age_seconds", "next_refresh_seconds", "usable_for_seconds"] {
        assert!(fixed[name].is_null(), "{name}");
    }
}
