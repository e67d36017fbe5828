//! Tests `exp`, `nbf` and `iat` to the second, with a manual clock.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum_protected::{ResourceServer, ResourceServerBuilder};
use axum_protected_testing::ManualClock;
use axum_protected_tests::trusting;
use serde_json::{Number, Value, json};

use super::{ISSUER, check, good, issuer, outcome, server};

/// The time that the clocks of these tests show.
const NOW: u64 = 1_700_000_000;

fn at(now: SystemTime, more: fn(ResourceServerBuilder) -> ResourceServerBuilder) -> ResourceServer {
    let builder = trusting(issuer(ISSUER)).clock(ManualClock::at(now));
    more(builder).build().unwrap()
}

fn epoch(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn token(exp: impl Into<Value>, nbf: Option<Value>, iat: Option<Value>) -> String {
    let mut token = good().claim("exp", exp).without("iat");
    if let Some(nbf) = nbf {
        token = token.claim("nbf", nbf);
    }
    if let Some(iat) = iat {
        token = token.claim("iat", iat);
    }
    token.sign()
}

fn exp(seconds: impl Into<Value>) -> String {
    token(seconds, None, None)
}

fn nbf(seconds: u64) -> String {
    token(NOW + 600, Some(seconds.into()), None)
}

fn iat(seconds: u64) -> String {
    token(NOW + 600, None, Some(seconds.into()))
}

#[tokio::test]
async fn exp_and_nbf_are_exact_to_the_second() {
    let exact = at(epoch(NOW), |builder| builder.leeway(Duration::ZERO));
    let default = at(epoch(NOW), |builder| builder);
    let wide = at(epoch(NOW), |builder| builder.leeway(Duration::from_mins(5)));
    let name = |text: &str| text.to_owned();
    for (server, leeway) in [(exact, 0), (default, 30), (wide, 300)] {
        let cases = [
            // A token is invalid at the time of its `exp` and valid at the time of its `nbf`.
            (name("exp before"), exp(NOW - leeway - 1), "expired_token"),
            (name("exp now"), exp(NOW - leeway), "expired_token"),
            (name("exp after"), exp(NOW - leeway + 1), "ok"),
            (name("nbf before"), nbf(NOW + leeway - leeway.min(1)), "ok"),
            (name("nbf now"), nbf(NOW + leeway), "ok"),
            (name("nbf after"), nbf(NOW + leeway + 1), "not_yet_valid"),
            // The leeway for `iat` is at least 60 s.
            (name("iat +5"), iat(NOW + 5), "ok"),
            (name("iat ahead"), iat(NOW + leeway.max(60)), "ok"),
            (name("iat too far ahead"), iat(NOW + leeway.max(60) + 1), "not_yet_valid"),
            (name("iat long ago"), iat(0), "ok"),
        ];
        check(&server, cases).await;
    }
}

#[tokio::test]
async fn fractions_of_a_second_count() {
    let instant = epoch(NOW) + Duration::from_millis(500);
    let exact: fn(ResourceServerBuilder) -> _ = |builder| builder.leeway(Duration::ZERO);
    #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
    let half = NOW as f64 + 0.5;
    for (now, code) in [
        (instant - Duration::from_millis(1), "ok"),
        (instant, "expired_token"),
        (instant + Duration::from_millis(1), "expired_token"),
    ] {
        assert_eq!(outcome(&at(now, exact), &exp(half)).await, code, "{now:?}");
    }
    let server = at(epoch(NOW - 1), exact);
    assert_eq!(outcome(&server, &exp(1.7e9)).await, "ok");
}

#[tokio::test]
async fn the_leeway_is_exact_to_a_fraction_of_a_second() {
    let leeway: fn(ResourceServerBuilder) -> _ =
        |builder| builder.leeway(Duration::from_millis(1500));
    let millisecond = Duration::from_millis(1);
    let end = epoch(NOW) + Duration::from_millis(1500);
    for (now, code) in [(end - millisecond, "ok"), (end, "expired_token")] {
        assert_eq!(outcome(&at(now, leeway), &exp(NOW)).await, code, "{now:?}");
    }
    let begin = epoch(NOW) - Duration::from_millis(1500);
    for (now, code) in [(begin, "ok"), (begin - millisecond, "not_yet_valid")] {
        assert_eq!(outcome(&at(now, leeway), &nbf(NOW)).await, code, "{now:?}");
    }
}

#[tokio::test]
async fn a_leeway_of_more_than_five_minutes_is_an_error() {
    let build = |leeway| {
        let builder = trusting(issuer(ISSUER)).leeway(leeway);
        builder.build().map_err(|error| error.to_string())
    };
    assert!(build(Duration::from_mins(5)).is_ok());
    for leeway in [Duration::from_mins(5) + Duration::from_nanos(1), Duration::MAX] {
        let error = build(leeway).unwrap_err();
        assert!(error.contains("the leeway is longer than 300 s"), "{error}");
    }
}

/// The server checks the time at each request.
#[tokio::test]
async fn a_token_that_was_good_expires() {
    let clock = ManualClock::at(epoch(NOW));
    let server = trusting(issuer(ISSUER)).clock(clock.clone()).build().unwrap();
    let token = exp(NOW + 60);
    assert_eq!(outcome(&server, &token).await, "ok");
    clock.advance(Duration::from_secs(89));
    assert_eq!(outcome(&server, &token).await, "ok");
    clock.advance(Duration::from_secs(1));
    assert_eq!(outcome(&server, &token).await, "expired_token");
    clock.set(epoch(NOW));
    assert_eq!(outcome(&server, &token).await, "ok");
}

#[tokio::test]
async fn a_time_must_be_a_representable_number() {
    let far = u64::MAX;
    let number = |text: &str| Value::Number(text.parse::<Number>().unwrap());
    let strange = [
        (json!("4000000000"), "malformed_claim"),
        (json!(true), "malformed_claim"),
        (json!([4_000_000_000_u64]), "malformed_claim"),
        (json!({}), "malformed_claim"),
        (Value::Null, "malformed_claim"),
        (number("1e300"), "malformed_claim"),
        (number("-1e300"), "malformed_claim"),
    ];
    for name in ["exp", "nbf", "iat"] {
        let cases = strange.iter().map(|(value, code)| {
            let token = good().claim(name, value.clone()).sign();
            let is_absent = value.is_null() && name != "exp";
            (format!("{name} {value}"), token, if is_absent { "ok" } else { *code })
        });
        check(&server(), cases).await;
    }
    let by_value = [
        (number("-1"), "expired_token"),
        (number("-0"), "expired_token"),
        (number("0"), "expired_token"),
        (number("1e-300"), "expired_token"),
        (number("9007199254740993"), "ok"),
        (number("4e9"), "ok"),
    ];
    let cases = by_value.map(|(value, code)| (value.to_string(), exp(value), code));
    check(&server(), cases).await;
    // The server may accept or refuse a number that is not representable as a time, but must not
    // panic.
    for value in [far, far / 2, far / 2 + 1] {
        let outcome = outcome(&server(), &exp(value)).await;
        assert!(["ok", "malformed_claim"].contains(&outcome), "{value}");
    }
    let none = good().without("exp").sign();
    check(&server(), [("none".to_owned(), none, "missing_claim")]).await;
    let none = good().without("iat").without("nbf").sign();
    check(&server(), [("only exp".to_owned(), none, "ok")]).await;
}

/// The clock of the server was never set, or is far in the future.
#[tokio::test]
async fn a_wrong_clock_never_panics() {
    for (now, code) in [(UNIX_EPOCH, "ok"), (epoch(1), "ok"), (epoch(1 << 40), "expired_token")] {
        assert_eq!(outcome(&at(now, |builder| builder), &exp(NOW)).await, code);
    }
}
