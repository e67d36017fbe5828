//! Tests for how long an answer is used, with a paused clock.

use std::time::{Duration, SystemTime};

use axum_protected::clock::{Clock, SystemClock};
use axum_protected::revocation::Revocation;
use axum_protected::{Issuer, RefusalKind, ResourceServerBuilder};
use axum_protected_testing::ManualClock;
use axum_protected_tests::trusting;
use serde_json::json;
use tokio::time::advance;

use super::double::ISSUER;
use super::{
    Double, MILLISECOND, Reply, SECOND, active, inactive, present, refused, settings, with,
};

fn server(double: &Double, period: Duration) -> ResourceServerBuilder {
    let settings = settings().endpoint("https://id.example.com/introspect").cache_period(period);
    trusting(Issuer::new(ISSUER).introspection(settings)).fetch(double.clone())
}

#[tokio::test(start_paused = true)]
async fn an_active_token_is_asked_about_once_in_each_period() {
    let double = Double::default();
    double.answer("opaque", active(ISSUER));
    let server = double.server().build().unwrap();
    for _ in 0..3 {
        present(&server, "opaque").await.unwrap();
    }
    double.answer("opaque", with(active(ISSUER), json!({ "sub": "bob" })));
    advance(59_999 * MILLISECOND).await;
    assert_eq!(present(&server, "opaque").await.unwrap().subject(), Some("alice"));
    assert_eq!(double.total(), 1);
    advance(MILLISECOND).await;
    for _ in 0..3 {
        assert_eq!(present(&server, "opaque").await.unwrap().subject(), Some("bob"));
    }
    assert_eq!(double.total(), 2);
    double.answer("opaque", inactive());
    advance(60 * SECOND).await;
    assert_eq!(refused(&server, "opaque").await, RefusalKind::InactiveToken);
}

#[tokio::test(start_paused = true)]
async fn the_key_of_an_answer_is_the_whole_token() {
    let double = Double::default();
    let long = "a".repeat(4096);
    for end in ["1", "2"] {
        let token = format!("{long}{end}");
        double.answer(&token, with(active(ISSUER), json!({ "sub": end })));
    }
    let server = double.server().build().unwrap();
    for end in ["1", "2", "1", "2"] {
        let token = present(&server, &format!("{long}{end}")).await.unwrap();
        assert_eq!(token.subject(), Some(end));
    }
    assert_eq!(refused(&server, &format!("b{long}1")).await, RefusalKind::InactiveToken);
    assert_eq!(refused(&server, &long).await, RefusalKind::InactiveToken);
    assert_eq!(double.total(), 4);
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_never_used_beyond_its_end() {
    let double = Double::default();
    let clock = ManualClock::at(SystemClock.now());
    let server = server(&double, 3600 * SECOND).clock(clock.clone()).build().unwrap();
    let seconds = clock.now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    double.answer("opaque", with(active(ISSUER), json!({ "exp": seconds + 10 })));
    let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    clock.set(at(seconds));
    present(&server, "opaque").await.unwrap();
    // By the wall clock alone, without a new question and without a leeway.
    clock.set(at(seconds + 9));
    present(&server, "opaque").await.unwrap();
    clock.set(at(seconds + 10));
    assert_eq!(refused(&server, "opaque").await, RefusalKind::Expired);
    assert_eq!(double.total(), 1);
    // By the monotonic clock alone, if the wall clock was put back.
    clock.set(at(seconds));
    present(&server, "opaque").await.unwrap();
    assert_eq!(double.total(), 1);
    advance(10 * SECOND).await;
    double.answer("opaque", inactive());
    assert_eq!(refused(&server, "opaque").await, RefusalKind::InactiveToken);
    assert_eq!(double.total(), 2);
}

#[tokio::test(start_paused = true)]
async fn without_a_period_each_request_asks() {
    let double = Double::default();
    double.answer("opaque", active(ISSUER));
    let server = server(&double, Duration::ZERO).build().unwrap();
    for _ in 0..3 {
        present(&server, "opaque").await.unwrap();
    }
    assert_eq!(double.total(), 3);
    double.answer("opaque", inactive());
    for _ in 0..2 {
        assert_eq!(refused(&server, "opaque").await, RefusalKind::InactiveToken);
    }
    assert_eq!(double.total(), 5);
}

#[tokio::test(start_paused = true)]
async fn without_a_cache_of_verified_tokens_each_request_asks() {
    let double = Double::default();
    double.answer("opaque", active(ISSUER));
    let server = server(&double, 60 * SECOND).verified_token_bytes(0).build().unwrap();
    for _ in 0..3 {
        present(&server, "opaque").await.unwrap();
    }
    assert_eq!(double.total(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_negative_answer_is_used_briefly() {
    for (period, negative) in [(3600, 10), (60, 10), (3, 3)] {
        let double = Double::default();
        let server = server(&double, period * SECOND).build().unwrap();
        for _ in 0..3 {
            assert_eq!(refused(&server, "opaque").await, RefusalKind::InactiveToken);
        }
        double.answer("opaque", active(ISSUER));
        advance((negative * SECOND).checked_sub(MILLISECOND).unwrap()).await;
        assert_eq!(refused(&server, "opaque").await, RefusalKind::InactiveToken);
        assert_eq!(double.total(), 1);
        advance(MILLISECOND).await;
        present(&server, "opaque").await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn an_active_answer_with_wrong_claims_is_used_as_briefly() {
    let double = Double::default();
    double.answer("opaque", with(active(ISSUER), json!({ "aud": "https://b.example.com" })));
    let server = double.server().build().unwrap();
    for _ in 0..3 {
        assert_eq!(refused(&server, "opaque").await, RefusalKind::WrongAudience);
    }
    assert_eq!(double.total(), 1);
    double.answer("opaque", active(ISSUER));
    advance(10 * SECOND).await;
    present(&server, "opaque").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_remembered_for_a_second() {
    let double = Double::default();
    double.answer("opaque", Reply::status(500));
    let server = double.server().build().unwrap();
    for _ in 0..3 {
        let error = present(&server, "opaque").await.unwrap_err();
        assert_eq!(error.kind(), RefusalKind::IntrospectionUnavailable);
        assert_eq!(error.retry_after(), Some(SECOND));
        assert_eq!(error.issuer(), Some(ISSUER));
        assert!(error.fetch_error().unwrap().contains("500"), "{error}");
    }
    assert_eq!(double.total(), 1);
    double.answer("opaque", active(ISSUER));
    advance(SECOND).await;
    present(&server, "opaque").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_full_cache_remembers_an_active_token_immediately() {
    let double = Double::default();
    let server = server(&double, 3600 * SECOND).verified_token_bytes(64 * 1024).build().unwrap();
    double.answer_others(active(ISSUER));
    // Fewer tokens than the limit of questions about unknown tokens would refuse.
    for index in 0..300 {
        present(&server, &format!("filler-{index}")).await.unwrap();
    }
    let before = double.total();
    for _ in 0..3 {
        present(&server, "opaque").await.unwrap();
    }
    assert_eq!(double.total(), before + 1);
}

#[tokio::test(start_paused = true)]
async fn a_revocation_of_the_application_applies_immediately() {
    let double = Double::default();
    let members = json!({ "jti": "a", "iat": super::now() - 10 });
    double.answer("opaque", with(active(ISSUER), members));
    let server = double.server().build().unwrap();
    present(&server, "opaque").await.unwrap();
    let until = SystemClock.now() + 600 * SECOND;
    server.revocations().revoke(Revocation::token(ISSUER, "a"), until).await.unwrap();
    assert_eq!(refused(&server, "opaque").await, RefusalKind::Revoked);
    assert_eq!(double.total(), 1);
    // Also if the token is asked about again.
    advance(60 * SECOND).await;
    assert_eq!(refused(&server, "opaque").await, RefusalKind::Revoked);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_no_longer_active_loses_its_place() {
    let double = Double::default();
    double.answer("opaque", active(ISSUER));
    let server = double.server().build().unwrap();
    present(&server, "opaque").await.unwrap();
    double.answer("opaque", inactive());
    advance(60 * SECOND).await;
    for _ in 0..3 {
        assert_eq!(refused(&server, "opaque").await, RefusalKind::InactiveToken);
    }
    assert_eq!(double.total(), 2);
}

#[tokio::test(start_paused = true)]
async fn withdrawn_tokens_count_as_unknown_ones() {
    let double = Double::default();
    let server = double.server().build().unwrap();
    let tokens: Vec<_> = (0..900).map(|index| format!("opaque-{index}")).collect();
    double.answer_others(active(ISSUER));
    for token in &tokens {
        present(&server, token).await.unwrap();
    }
    double.answer_others(inactive());
    advance(60 * SECOND).await;
    // They were active, so that the first questions about their end are not limited.
    for token in &tokens {
        assert_eq!(refused(&server, token).await, RefusalKind::InactiveToken);
    }
    advance(10 * SECOND).await;
    let before = double.total();
    for token in &tokens {
        refused(&server, token).await;
    }
    assert_eq!(double.total() - before, 500);
}
