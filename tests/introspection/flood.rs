//! Tests that questions are shared, limited, and independent of one another.

use std::time::Duration;

use axum_protected::{Issuer, RefusalKind};
use axum_protected_tests::{Log, keys, token};
use futures_util::future::join_all;
use tokio::time::{Instant, advance, sleep, timeout};

use super::double::ISSUER;
use super::{Double, MILLISECOND, Reply, SECOND, active, inactive, present, refused};

#[tokio::test(start_paused = true)]
async fn concurrent_requests_with_one_token_cause_one_question() {
    let double = Double::default();
    double.answer("opaque", Reply::json(&active(ISSUER)).after(SECOND));
    let server = double.server().build().unwrap();
    // The request that causes the question is aborted. The question goes on for the others.
    let aborted = timeout(100 * MILLISECOND, present(&server, "opaque")).await;
    assert!(aborted.is_err());
    let began = Instant::now();
    let results = join_all((0..100).map(|_| present(&server, "opaque"))).await;
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(began.elapsed(), 900 * MILLISECOND);
    assert_eq!(double.total(), 1);
}

#[tokio::test(start_paused = true)]
async fn all_requests_with_a_wrong_token_get_its_answer() {
    let double = Double::default();
    double.answer("opaque", Reply::json(&inactive()).after(SECOND));
    let server = double.server().build().unwrap();
    let results = join_all((0..100).map(|_| refused(&server, "opaque"))).await;
    assert!(results.iter().all(|kind| *kind == RefusalKind::InactiveToken));
    assert_eq!(double.total(), 1);
}

/// Presents this number of different random tokens.
async fn flood(
    server: &axum_protected::ResourceServer,
    name: &str,
    number: usize,
) -> Vec<RefusalKind> {
    let tokens: Vec<_> = (0..number).map(|index| format!("{name}-{index}")).collect();
    join_all(tokens.iter().map(|token| refused(server, token))).await
}

#[tokio::test(start_paused = true)]
async fn random_tokens_are_asked_about_at_a_limited_rate() {
    let (log, _guard) = Log::open();
    let double = Double::default();
    let server = double.server().build().unwrap();
    let kinds = flood(&server, "random", 5000).await;
    let limited = kinds.iter().filter(|kind| **kind == RefusalKind::IntrospectionUnavailable);
    assert_eq!((double.total(), limited.count()), (500, 4500));
    assert!(double.most_at_once() <= 32, "{}", double.most_at_once());
    let events = log.take();
    let warnings = events.iter().filter(|one| one.name == "axum_protected.introspection.limited");
    assert_eq!(warnings.count(), 1);
    // The rate is filled again with time.
    advance(2 * SECOND).await;
    flood(&server, "later", 5000).await;
    assert_eq!(double.total(), 600);
    // A question about an active token is not counted.
    advance(10 * SECOND).await;
    double.answer_others(active(ISSUER));
    for index in 0..2000 {
        present(&server, &format!("active-{index}")).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_flood_does_not_disturb_callers_whose_token_is_known() {
    let double = Double::default();
    double.answer_others(Reply::never());
    double.answer("known", active(ISSUER));
    double.answer("expiring", active(ISSUER));
    let server = double.server().build().unwrap();
    for token in ["known", "expiring"] {
        present(&server, token).await.unwrap();
    }
    advance(59 * SECOND).await;
    present(&server, "known").await.unwrap();
    let flood = async {
        for round in 0..10 {
            let kinds = flood(&server, &format!("random-{round}"), 2000).await;
            let expected = RefusalKind::IntrospectionUnavailable;
            assert!(kinds.iter().all(|kind| *kind == expected));
        }
    };
    let callers = async {
        // The period of the known tokens ends in the middle of the flood.
        for _ in 0..300 {
            sleep(100 * MILLISECOND).await;
            let began = Instant::now();
            for token in ["known", "expiring"] {
                present(&server, token).await.unwrap();
            }
            assert_eq!(began.elapsed(), Duration::ZERO);
        }
    };
    tokio::join!(flood, callers);
    assert!(double.count("known") <= 2 && double.count("expiring") <= 2);
    assert!(double.most_at_once() <= 33, "{}", double.most_at_once());
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_hangs_delays_no_other_issuer() {
    let double = Double::default();
    double.answer_others(Reply::never());
    let partner = "https://partner.example.com";
    let second = Issuer::new(partner).jwks(keys().jwks());
    let server = double.server().issuer(second).build().unwrap();
    let hanging = flood(&server, "random", 2000);
    let of_partner = async {
        sleep(MILLISECOND).await;
        let began = Instant::now();
        for index in 0..100 {
            let text = token(partner).claim("jti", index.to_string()).sign();
            present(&server, &text).await.unwrap();
        }
        assert_eq!(began.elapsed(), Duration::ZERO);
    };
    tokio::join!(hanging, of_partner);
}

#[tokio::test(start_paused = true)]
async fn a_question_ends_after_five_seconds() {
    let double = Double::default();
    double.answer_others(Reply::never());
    let server = double.server().build().unwrap();
    let began = Instant::now();
    let error = present(&server, "opaque").await.unwrap_err();
    assert_eq!(error.kind(), RefusalKind::IntrospectionUnavailable);
    assert!(error.fetch_error().unwrap().contains("5 s"), "{error}");
    assert_eq!(began.elapsed(), 5 * SECOND);
    // The time of a question that waits for others counts too.
    let began = Instant::now();
    flood(&server, "random", 100).await;
    assert_eq!(began.elapsed(), 5 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn the_period_of_many_tokens_ends_without_a_loss() {
    let double = Double::default();
    double.answer_others(Reply::json(&active(ISSUER)).after(10 * MILLISECOND));
    let server = double.server().build().unwrap();
    let tokens: Vec<_> = (0..400).map(|index| format!("opaque-{index}")).collect();
    for _ in 0..3 {
        let results = join_all(tokens.iter().map(|token| present(&server, token))).await;
        assert!(results.iter().all(Result::is_ok));
        advance(60 * SECOND).await;
    }
    assert_eq!(double.total(), 1200);
    assert!(double.most_at_once() <= 32, "{}", double.most_at_once());
}
