//! Tests that streams ask again, with a paused clock.

use std::time::Duration;

use axum_protected::clock::{Clock, SystemClock};
use axum_protected::introspection::Mode;
use axum_protected::revocation::Revocation;
use axum_protected::{AccessToken, Issuer, RefusalKind, ResourceServer, ResourceServerBuilder};
use axum_protected_tests::{keys, token, trusting};
use futures_util::StreamExt;
use futures_util::stream;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::double::ISSUER;
use super::{Double, MILLISECOND, Reply, SECOND, active, inactive, present, settings, with};

fn server(double: &Double, period: Duration) -> ResourceServerBuilder {
    let settings = settings().endpoint("https://id.example.com/introspect").cache_period(period);
    trusting(Issuer::new(ISSUER).introspection(settings)).fetch(double.clone())
}

/// Waits for the end of the token in a task, and returns the reason and the time until then.
fn end(server: &ResourceServer, token: &AccessToken) -> JoinHandle<(RefusalKind, Duration)> {
    let end = server.until_invalid(token);
    let began = Instant::now();
    tokio::spawn(async move {
        let error = end.await;
        (error.kind(), began.elapsed())
    })
}

#[tokio::test(start_paused = true)]
async fn a_stream_asks_at_the_end_of_each_period_and_ends_on_a_no() {
    let double = Double::default();
    double.answer("opaque", with(active(ISSUER), json!({ "exp": null })));
    let server = server(&double, 20 * SECOND).build().unwrap();
    let token = present(&server, "opaque").await.unwrap();
    let end = end(&server, &token);
    sleep(19 * SECOND).await;
    assert_eq!(double.total(), 1);
    sleep(50 * SECOND).await;
    assert_eq!(double.total(), 4);
    assert!(!end.is_finished());
    double.answer("opaque", inactive());
    assert_eq!(end.await.unwrap(), (RefusalKind::InactiveToken, 80 * SECOND));
    assert_eq!(double.total(), 5);
}

#[tokio::test(start_paused = true)]
async fn the_wrapper_of_a_stream_ends_with_its_token() {
    let double = Double::default();
    double.answer("opaque", active(ISSUER));
    let server = server(&double, 10 * SECOND).build().unwrap();
    let token = present(&server, "opaque").await.unwrap();
    let ticks = stream::unfold((), async |()| {
        sleep(SECOND).await;
        Some(((), ()))
    });
    let counted = tokio::spawn(server.while_valid(&token, Box::pin(ticks)).count());
    double.answer("opaque", inactive());
    let count = counted.await.unwrap();
    assert!((9..=10).contains(&count), "{count}");
}

#[tokio::test(start_paused = true)]
async fn the_same_answer_keeps_a_stream_and_another_one_ends_it() {
    // An issuer may renew the times with each answer, and keep scopes and roles in any order.
    let roles = |roles: [&str; 2]| json!({ "roles": roles });
    let first = json!({ "realm_access": roles(["a", "b"]), "expires_in": 600 });
    let kept = [
        json!({}),
        json!({ "exp": super::now() + 900, "iat": super::now() }),
        json!({ "expires_in": 590 }),
        json!({ "scope": "items:write items:read" }),
        json!({ "realm_access": roles(["b", "a"]) }),
    ];
    let ended: [Value; 9] = [
        json!({ "realm_access": roles(["a", "c"]) }),
        json!({ "scope": "items:read items:read" }),
        json!({ "sub": "bob" }),
        json!({ "scope": "items:read" }),
        json!({ "scope": null }),
        json!({ "client_id": "other" }),
        json!({ "acr": "gold" }),
        json!({ "iss": null, "username": null }),
        json!({ "aud": ["https://api.example.com"] }),
    ];
    let cases = kept.map(|members| (members, false)).into_iter();
    for (members, ends) in cases.chain(ended.map(|members| (members, true))) {
        let double = Double::default();
        let before = with(active(ISSUER), first.clone());
        double.answer("opaque", before.clone());
        let server = server(&double, 10 * SECOND).build().unwrap();
        let token = present(&server, "opaque").await.unwrap();
        let end = end(&server, &token);
        double.answer("opaque", with(before, members.clone()));
        sleep(30 * SECOND).await;
        assert_eq!(end.is_finished(), ends, "{members}");
        if ends {
            assert_eq!(end.await.unwrap(), (RefusalKind::InactiveToken, 10 * SECOND));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn trouble_of_the_issuer_ends_a_stream_after_the_bound_of_a_request() {
    for (reply, after) in [(Reply::status(500), 0), (Reply::never(), 5)] {
        let double = Double::default();
        double.answer("opaque", active(ISSUER));
        let server = server(&double, 20 * SECOND).build().unwrap();
        let token = present(&server, "opaque").await.unwrap();
        let end = end(&server, &token);
        double.answer("opaque", reply);
        let expected = (RefusalKind::IntrospectionUnavailable, (20 + after) * SECOND);
        assert_eq!(end.await.unwrap(), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn requests_and_streams_share_answers() {
    let double = Double::default();
    double.answer("opaque", Reply::json(&active(ISSUER)).after(100 * MILLISECOND));
    let server = server(&double, 20 * SECOND).build().unwrap();
    let token = present(&server, "opaque").await.unwrap();
    let ends: Vec<_> = (0..50).map(|_| end(&server, &token)).collect();
    for _ in 0..30 {
        present(&server, "opaque").await.unwrap();
        sleep(SECOND).await;
    }
    assert_eq!(double.total(), 2);
    assert!(ends.iter().all(|end| !end.is_finished()));
}

#[tokio::test(start_paused = true)]
async fn without_a_period_a_stream_asks_every_five_seconds() {
    let double = Double::default();
    double.answer("opaque", active(ISSUER));
    let server = server(&double, Duration::ZERO).build().unwrap();
    let token = present(&server, "opaque").await.unwrap();
    let end = end(&server, &token);
    sleep(51 * SECOND).await;
    assert!((10..=12).contains(&double.total()), "{}", double.total());
    double.answer("opaque", inactive());
    let (kind, after) = end.await.unwrap();
    assert_eq!(kind, RefusalKind::InactiveToken);
    assert!(after <= 56 * SECOND, "{after:?}");
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_token_and_a_revocation_end_a_stream_immediately() {
    let double = Double::default();
    let members = json!({ "exp": super::now() + 30, "jti": "a", "iat": super::now() });
    double.answer("opaque", with(active(ISSUER), members));
    let server = server(&double, 3600 * SECOND).build().unwrap();
    let token = present(&server, "opaque").await.unwrap();
    let end = end(&server, &token);
    sleep(10 * SECOND).await;
    let until = SystemClock.now() + 600 * SECOND;
    server.revocations().revoke(Revocation::token(ISSUER, "a"), until).await.unwrap();
    assert_eq!(end.await.unwrap(), (RefusalKind::Revoked, 10 * SECOND));
    assert_eq!(double.total(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_stream_with_a_jwt_asks_in_the_mode_always() {
    let double = Double::default();
    let settings = settings().endpoint("https://id.example.com/introspect").mode(Mode::Always);
    let settings = settings.cache_period(10 * SECOND);
    let issuer = Issuer::new(ISSUER).jwks(keys().jwks()).introspection(settings);
    let server = trusting(issuer).fetch(double.clone()).build().unwrap();
    let text = token(ISSUER).sign();
    double.answer(&text, json!({ "active": true, "scope": "items:read" }));
    let token = present(&server, &text).await.unwrap();
    let end = end(&server, &token);
    sleep(35 * SECOND).await;
    assert_eq!(double.total(), 4);
    double.answer(&text, inactive());
    assert_eq!(end.await.unwrap(), (RefusalKind::InactiveToken, 40 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn a_server_judges_a_token_of_another_server_by_its_own_rules() {
    let double = Double::default();
    double.answer("opaque", active(ISSUER));
    let one = server(&double, 3600 * SECOND).build().unwrap();
    let token = present(&one, "opaque").await.unwrap();
    // A server that asks the same issuer asks immediately.
    let same = server(&double, 3600 * SECOND).build().unwrap();
    let kept = end(&same, &token);
    sleep(SECOND).await;
    assert_eq!(double.total(), 2);
    assert!(!kept.is_finished());
    // A server for another API refuses the answer.
    let other = ResourceServer::builder()
        .issuer(super::issuer(ISSUER))
        .audience("https://other.example.com")
        .fetch(double.clone());
    let (kind, after) = end(&other.build().unwrap(), &token).await.unwrap();
    assert_eq!((kind, after < SECOND), (RefusalKind::WrongAudience, true));
    // A server that does not ask has no means to judge it.
    let keys_only = trusting(Issuer::new(ISSUER).jwks(keys().jwks())).build().unwrap();
    let (kind, after) = end(&keys_only, &token).await.unwrap();
    assert_eq!((kind, after), (RefusalKind::UnknownKey, Duration::ZERO));
    // A JWT that was accepted by its signature alone is not enough for a server that asks.
    let jwt = present(&keys_only, &axum_protected_tests::token(ISSUER).sign()).await.unwrap();
    let (kind, after) = end(&one, &jwt).await.unwrap();
    assert_eq!((kind, after), (RefusalKind::UnknownKey, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_server_ends_its_streams() {
    let double = Double::default();
    double.answer("opaque", active(ISSUER));
    let server = server(&double, 10 * SECOND).build().unwrap();
    let token = present(&server, "opaque").await.unwrap();
    let end = end(&server, &token);
    sleep(SECOND).await;
    drop(server);
    assert_eq!(end.await.unwrap().0, RefusalKind::KeysUnavailable);
}
