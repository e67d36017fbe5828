//! Tests the times of ID tokens and logout tokens to the second, with a manual clock.

use std::time::Duration;

use axum_protected::__browser::Provider;
use axum_protected_testing::TokenBuilder;
use serde_json::{Value, json};

use super::{NOW, builder, id_token, logout, logout_token, outcome, refresh, sign_in};

const EXPIRED: &str = "the time in `exp` and the leeway have passed";
const NBF: &str = "the time in `nbf` is ahead by more than the leeway";
const AHEAD: &str = "the time in `iat` is ahead by more than the leeway";
const OLD: &str = "the time in `iat` is more than 10 minutes and the leeway ago";
const NOT_EXP: &str = "the claim `exp` is not a number of seconds since 1970";
const NOT_IAT: &str = "the claim `iat` is not a number of seconds since 1970";

/// Returns the times at which a rule begins to apply, with a leeway: claim, value, and the rule at
/// the sign-in, for a logout token, and at a refresh.
fn cases(leeway: u64) -> Vec<(&'static str, Value, [&'static str; 3])> {
    let all = |rule| [rule; 3];
    let iat_leeway = leeway.max(60);
    vec![
        ("exp", json!(NOW - leeway), all(EXPIRED)),
        ("exp", json!(NOW - leeway + 1), all("ok")),
        ("exp", json!(0), all(EXPIRED)),
        ("exp", json!("1700000300"), all(NOT_EXP)),
        ("exp", json!(1e300), all(NOT_EXP)),
        ("exp", Value::Null, all(NOT_EXP)),
        ("nbf", json!(NOW + leeway), all("ok")),
        ("nbf", json!(NOW + leeway + 1), all(NBF)),
        ("nbf", json!("soon"), all("the claim `nbf` is not a number of seconds since 1970")),
        ("iat", json!(NOW + iat_leeway), all("ok")),
        ("iat", json!(NOW + iat_leeway + 1), all(AHEAD)),
        ("iat", json!(NOW + 3600), all(AHEAD)),
        ("iat", json!(NOW - 600 - leeway), all("ok")),
        ("iat", json!(NOW - 601 - leeway), [OLD, OLD, "ok"]),
        ("iat", json!(NOW - 365 * 86_400), [OLD, OLD, "ok"]),
        ("iat", json!("now"), all(NOT_IAT)),
        ("iat", Value::Null, all("the claim `iat` is missing")),
    ]
}

async fn outcomes(
    provider: &Provider,
    change: impl Fn(TokenBuilder) -> TokenBuilder,
) -> [&'static str; 3] {
    let id_token = change(id_token()).sign();
    [
        outcome(provider.verify_id_token(&id_token, &sign_in()).await),
        outcome(logout(provider, change(logout_token())).await),
        outcome(provider.verify_id_token(&id_token, &refresh()).await),
    ]
}

#[tokio::test]
async fn the_times_have_the_leeway_of_the_server() {
    for leeway in [0, 30, 120] {
        let server = builder().leeway(Duration::from_secs(leeway)).build().unwrap();
        let provider = Provider::new(&server, None).unwrap();
        for (claim, value, expected) in cases(leeway) {
            let found = outcomes(&provider, |token| token.claim(claim, value.clone())).await;
            assert_eq!(found, expected, "{claim} {value} with a leeway of {leeway} s");
        }
    }
}

#[tokio::test]
async fn exp_and_iat_are_required() {
    let provider = super::provider();
    for (claim, rule) in
        [("exp", "the claim `exp` is missing"), ("iat", "the claim `iat` is missing")]
    {
        assert_eq!(outcomes(&provider, |token| token.without(claim)).await, [rule; 3]);
    }
}
