//! Tests readiness, reload, explanation and the start of a server that asks its issuer.

use axum_protected::introspection::Mode;
use axum_protected::server::RuleOutcome::{Failed, NotReached, Passed};
use axum_protected::server::SignatureState;
use axum_protected::{Issuer, RefusalKind};
use axum_protected_tests::{Log, keys, token, trusting};
use serde_json::json;
use tokio::time::advance;
use tracing::Level;

use super::double::ISSUER;
use super::{Double, SECOND, active, issuer, present, settings, with};

#[tokio::test(start_paused = true)]
async fn an_issuer_without_keys_is_ready_and_has_nothing_to_reload() {
    let double = Double::default();
    let server = double.server().build().unwrap();
    server.ready().await.unwrap();
    server.reload_keys().await.unwrap();
    let health = server.health();
    assert!(health.ready);
    assert_eq!(health.issuers[0].keys, 0);
    assert_eq!(health.issuers[0].next_refresh, None);
    assert_eq!(double.total(), 0);
}

#[test]
fn a_server_can_be_built_outside_of_a_runtime() {
    let double = Double::default();
    double.answer("opaque", active(ISSUER));
    let server = double.server().build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { present(&server, "opaque").await.unwrap() });
}

#[test]
fn the_audience_of_the_client_is_a_warning_at_the_start() {
    for (is_set, expected) in [(true, 1), (false, 0)] {
        let (log, _guard) = Log::open();
        let mut settings = settings().endpoint("https://id.example.com/introspect");
        if is_set {
            settings = settings.audience_of_client();
        }
        trusting(Issuer::new(ISSUER).introspection(settings)).build().unwrap();
        let events = log.take();
        let warnings: Vec<_> = events
            .iter()
            .filter(|event| event.name == "axum_protected.introspection.audience")
            .collect();
        assert_eq!(warnings.len(), expected);
        assert!(warnings.iter().all(|event| event.level == Level::WARN));
    }
}

#[tokio::test(start_paused = true)]
async fn an_explanation_shows_the_answer_and_asks_for_none() {
    let double = Double::default();
    double.answer("opaque", active(ISSUER));
    double.answer("other", with(active(ISSUER), json!({ "aud": "https://b.example.com" })));
    let server = double.server().build().unwrap();
    let unknown = server.explain("opaque");
    assert!(!unknown.is_accepted);
    assert_eq!(unknown.issuer.as_deref(), Some(ISSUER));
    assert_eq!(unknown.error().unwrap().kind(), RefusalKind::IntrospectionUnavailable);
    assert_eq!(double.total(), 0);
    present(&server, "opaque").await.unwrap();
    let known = server.explain("opaque");
    assert!(known.is_accepted, "{known}");
    assert_eq!(known.claims.unwrap()["sub"], "alice");
    assert!(known.rules.iter().all(|rule| rule.outcome == Passed));
    assert!(present(&server, "other").await.is_err());
    let refused = server.explain("other");
    assert_eq!(refused.error().unwrap().kind(), RefusalKind::WrongAudience);
    let outcomes: Vec<_> = refused.rules.iter().map(|rule| rule.outcome).collect();

    assert_eq!(
        outcomes,
        [Passed, Passed, Passed, Passed, Failed, NotReached, NotReached, NotReached, NotReached]
    );
    assert_eq!(double.total(), 2);
    advance(60 * SECOND).await;
    assert!(!server.explain("opaque").is_accepted);
}

#[tokio::test(start_paused = true)]
async fn an_explanation_of_a_jwt_shows_signature_and_answer() {
    let double = Double::default();
    let settings = settings().endpoint("https://id.example.com/introspect").mode(Mode::Always);
    let issuer = Issuer::new(ISSUER).jwks(keys().jwks()).introspection(settings);
    let server = trusting(issuer).fetch(double.clone()).build().unwrap();
    let text = token(ISSUER).without("aud").sign();
    double.answer(&text, json!({ "active": true, "aud": axum_protected_tests::AUDIENCE }));
    let unknown = server.explain(&text);
    assert_eq!(unknown.signature, SignatureState::Verified);
    assert_eq!(unknown.error().unwrap().kind(), RefusalKind::IntrospectionUnavailable);
    present(&server, &text).await.unwrap();
    let known = server.explain(&text);
    assert!(known.is_accepted, "{known}");
    assert_eq!(known.header.unwrap()["alg"], "RS256");
    let forged = text.rsplit_once('.').unwrap().0.to_owned() + ".";
    let forged = server.explain(&forged);
    assert_eq!(forged.signature, SignatureState::Invalid);
    assert!(!forged.is_accepted);
    assert_eq!(double.total(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_span_of_a_question_names_the_issuer() {
    let (log, _guard) = Log::open();
    let double = Double::default();
    let served = double.serve().await;
    let server = trusting(issuer(&served.url)).build().unwrap();
    let _ = present(&server, "opaque").await;
    let spans = log.take_spans();
    let span = spans.iter().find(|span| span.name == "axum_protected.introspection.question");
    assert_eq!(span.unwrap().get("issuer"), Some(served.url.as_str()));
}
