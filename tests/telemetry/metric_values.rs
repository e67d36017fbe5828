//! Tests the exact values of the metrics.

use std::collections::BTreeMap;

use axum_protected::Issuer;
use axum_protected_tests::issuer::JWKS;
use axum_protected_tests::{App, Call, ScriptedIssuer, fresh_key, ready, trusting};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};

use super::Measured;

type Counted<'a> = &'a [(&'a str, u64)];

/// Returns the number of requests for each combination of `outcome code cache`.
fn requests(measured: &Measured) -> Vec<(String, u64)> {
    let mut counted = Vec::new();
    for (labels, value) in measured.of("axum_protected.requests") {
        let DebugValue::Counter(count) = value else {
            panic!("{value:?}");
        };
        let what = ["outcome", "code", "cache"].map(|label| labels[label].as_str());
        counted.push((what.join(" "), count));
    }
    counted.retain(|(_, count)| *count > 0);
    counted.sort();
    counted
}

#[tokio::test]
async fn each_decision_is_counted_once() {
    let recorder = DebuggingRecorder::new();
    let (measured, _measuring) = Measured::begin(&recorder);
    let issuer = ScriptedIssuer::start().await;
    let server = trusting(issuer.url()).build().unwrap();
    ready(&server).await;
    let app = App::serve(server).await;
    let good = issuer.token().scope("items:read").sign();
    let poor = issuer.token().scope("").sign();
    let old = issuer.token().expired().sign();
    let send = async |path: &str, token: &str, times: usize| {
        for _ in 0..times {
            Call::get(path).bearer(token).send(app.address).await;
        }
    };
    let cases: [(&str, &str, Counted<'_>); 6] = [
        ("/api/items", &good, &[("authorized none hit", 2), ("authorized none miss", 1)]),
        (
            "/api/items",
            &poor,
            &[("refused insufficient_scope hit", 2), ("refused insufficient_scope miss", 1)],
        ),
        ("/api/items", &old, &[("refused expired_token none", 3)]),
        ("/api/items", "garbage", &[("refused malformed_token none", 3)]),
        ("/api/me", &good, &[("authenticated none hit", 3), ("authorized none hit", 3)]),
        ("/api/optional", &good, &[("authenticated none hit", 3)]),
    ];
    for (path, token, expected) in cases {
        requests(&measured);
        send(path, token, 3).await;
        let expected: Vec<_> =
            expected.iter().map(|(what, count)| ((*what).to_owned(), *count)).collect();
        assert_eq!(requests(&measured), expected, "{path}");
    }
}

#[tokio::test]
async fn a_signature_is_timed_where_one_is_verified() {
    let recorder = DebuggingRecorder::new();
    let (measured, _measuring) = Measured::begin(&recorder);
    let issuer = ScriptedIssuer::start().await;
    let server = trusting(issuer.url()).build().unwrap();
    ready(&server).await;
    let tokens = [issuer.token().sign(), issuer.token().subject("bob").sign()];
    for token in tokens.iter().chain(&tokens) {
        server.authenticate(token).await.unwrap();
    }
    let _ = server.authenticate(&issuer.token().expired().sign()).await;
    let series = measured.of("axum_protected.signature.duration");
    let [(labels, DebugValue::Histogram(durations))] = series.as_slice() else {
        panic!("one algorithm: {series:?}");
    };
    assert_eq!(labels["alg"], "RS256");
    assert_eq!(durations.len(), 2);
}

#[tokio::test]
async fn each_fetch_is_counted_by_its_result() {
    let recorder = DebuggingRecorder::new();
    let (measured, _measuring) = Measured::begin(&recorder);
    let issuer = ScriptedIssuer::start().await;
    let server = trusting(issuer.url()).build().unwrap();
    ready(&server).await;
    server.reload_keys().await.unwrap();
    issuer.down(true);
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(10)).await;
    tokio::time::resume();
    server.reload_keys().await.unwrap_err();
    assert_eq!(issuer.count(JWKS), 3);
    let mut results = BTreeMap::new();
    for (labels, value) in measured.of("axum_protected.keys.fetches") {
        assert_eq!(labels["issuer"], issuer.url());
        results.insert(labels["result"].clone(), value);
    }
    let expected = ["changed", "failed", "unchanged"]
        .map(|result| (result.to_owned(), DebugValue::Counter(1)));
    assert_eq!(results, BTreeMap::from(expected));
}

#[tokio::test]
async fn the_keys_of_each_issuer_are_counted() {
    let recorder = DebuggingRecorder::new();
    let (measured, _measuring) = Measured::begin(&recorder);
    let issuer = ScriptedIssuer::start().await;
    let fixed = Issuer::new("https://id.example.com").jwks(fresh_key().jwks());
    let server = trusting(issuer.url()).issuer(fixed).build().unwrap();
    ready(&server).await;
    server.reload_keys().await.unwrap();
    let held: BTreeMap<_, _> = measured
        .of("axum_protected.keys.held")
        .into_iter()
        .map(|(labels, value)| (labels["issuer"].clone(), value))
        .collect();
    let expected = [("https://id.example.com", 1.0), (issuer.url(), 3.0)]
        .map(|(url, keys)| (url.to_owned(), DebugValue::Gauge(keys.into())));
    assert_eq!(held, BTreeMap::from(expected));
}
