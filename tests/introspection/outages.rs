//! Tests that trouble of the issuer is trouble of the server, in the response, the log and the health.

use std::time::Duration;

use axum_protected::{Issuer, RefusalKind};
use axum_protected_tests::{App, Call, Log, trusting};
use serde_json::{Value, json};
use tokio::time::advance;
use tracing::Level;

use super::double::ISSUER;
use super::{Double, Reply, SECOND, active, issuer, now, present, refused, settings, with};

#[tokio::test]
async fn an_endpoint_without_a_server_is_a_503() {
    let double = Double::default();
    let url = double.serve().await.url.clone();
    tokio::task::yield_now().await;
    let server = trusting(issuer(&url)).build().unwrap();
    let app = App::serve(server.clone()).await;
    let call = Call::get("/api/items").bearer("opaque");
    app.refuses(&call, 503, "introspection_unavailable").await;
    let answer = call.send(app.address).await;
    assert_eq!(answer.header("retry-after").as_deref(), Some("1"));
    assert_eq!(answer.header("www-authenticate"), None);
    let health = server.health();
    assert!(health.ready && health.issuers[0].introspection_error.is_some(), "{health:?}");
    assert_eq!(health.without_errors().issuers[0].introspection_error, None);
}

#[tokio::test(start_paused = true)]
async fn refused_credentials_of_the_server_are_an_error_event() {
    for (status, level, name) in [
        (401, Level::ERROR, "axum_protected.introspection.refused"),
        (403, Level::ERROR, "axum_protected.introspection.refused"),
        (400, Level::WARN, "axum_protected.introspection.failed"),
        (500, Level::WARN, "axum_protected.introspection.failed"),
    ] {
        let (log, _guard) = Log::open();
        let double = Double::default();
        double.answer_others(Reply::status(status));
        let server = double.server().build().unwrap();
        for token in ["opaque-1", "opaque-2"] {
            assert_eq!(refused(&server, token).await, RefusalKind::IntrospectionUnavailable);
        }
        let events = log.take();
        let ours: Vec<_> =
            events.iter().filter(|one| one.name.contains(".introspection.")).collect();
        // A repeated error is not logged.
        let [event] = ours.as_slice() else { panic!("{ours:?}") };
        assert_eq!((event.name, event.level), (name, level));
        assert_eq!(event.get("issuer"), Some(ISSUER));
        assert!(event.get("error").unwrap().contains(&status.to_string()), "{event:?}");
        let error = server.health().issuers[0].introspection_error.clone().unwrap();
        assert!(error.contains(&status.to_string()), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_health_forgets_the_error_with_the_next_answer() {
    let double = Double::default();
    double.answer("opaque", Reply::status(500));
    let server = double.server().build().unwrap();
    let health = || serde_json::to_value(server.health()).unwrap();
    assert_eq!(health()["issuers"][0].get("introspection_error"), None::<&Value>);
    assert_eq!(refused(&server, "opaque").await, RefusalKind::IntrospectionUnavailable);
    assert!(health()["issuers"][0]["introspection_error"].is_string());
    double.answer("opaque", active(ISSUER));
    advance(SECOND).await;
    present(&server, "opaque").await.unwrap();
    assert_eq!(health()["issuers"][0].get("introspection_error"), None::<&Value>);
}

#[tokio::test(start_paused = true)]
async fn an_outage_does_not_end_tokens_whose_answer_is_recent() {
    let double = Double::default();
    double.answer("opaque", active(ISSUER));
    let server = double.server().build().unwrap();
    present(&server, "opaque").await.unwrap();
    double.answer("opaque", Reply::status(503));
    advance(59 * SECOND).await;
    present(&server, "opaque").await.unwrap();
    advance(SECOND).await;
    assert_eq!(refused(&server, "opaque").await, RefusalKind::IntrospectionUnavailable);
    // The token is still known, and is asked about again after the failure.
    double.answer("opaque", active(ISSUER));
    advance(SECOND).await;
    present(&server, "opaque").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_causes_an_error_does_not_fill_the_log() {
    let (log, _guard) = Log::open();
    let double = Double::default();
    // Some issuers answer with 400 if a token looks like a JWT.
    double.answer_others(Reply::status(400));
    double.answer("valid", with(active(ISSUER), json!({ "exp": now() + 7200 })));
    let settings = settings().endpoint("https://id.example.com/introspect");
    let issuer = Issuer::new(ISSUER).introspection(settings.cache_period(Duration::ZERO));
    let server = trusting(issuer).fetch(double.clone()).build().unwrap();
    for index in 0..70 {
        let kind = refused(&server, &format!("other-{index}")).await;
        assert_eq!(kind, RefusalKind::IntrospectionUnavailable);
        present(&server, "valid").await.unwrap();
        advance(SECOND).await;
    }
    let events = log.take();
    let failed = events.iter().filter(|one| one.name == "axum_protected.introspection.failed");
    assert_eq!(failed.count(), 2);
}
