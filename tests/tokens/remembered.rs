//! Tokens that were verified before: each way in which remembering them has gone wrong elsewhere.

use std::time::{Duration, UNIX_EPOCH};

use axum_protected::ResourceServer;
use axum_protected_testing::{ManualClock, SigningKeys, TokenBuilder};
use axum_protected_tests::{AUDIENCE, trusting};

use super::{ISSUER, good, issuer, outcome, server};

const NOW: u64 = 1_700_000_000;

fn clocked() -> (ResourceServer, ManualClock) {
    let clock = ManualClock::at(UNIX_EPOCH + Duration::from_secs(NOW));
    let server = trusting(issuer(ISSUER))
        .clock(clock.clone())
        .leeway(Duration::ZERO);
    (server.build().unwrap(), clock)
}

fn lasting(seconds: u64) -> TokenBuilder {
    good().claim("exp", NOW + seconds).claim("iat", NOW)
}

#[tokio::test]
async fn a_remembered_token_expires_and_is_not_valid_too_early() {
    let (server, clock) = clocked();
    let token = lasting(60).claim("nbf", NOW).sign();
    for (after, expected) in [(0, "ok"), (59, "ok"), (60, "expired_token"), (30, "ok")] {
        clock.set(UNIX_EPOCH + Duration::from_secs(NOW + after));
        assert_eq!(outcome(&server, &token).await, expected, "{after} s");
    }
    clock.set(UNIX_EPOCH + Duration::from_secs(NOW - 1));
    assert_eq!(outcome(&server, &token).await, "not_yet_valid");
}

#[tokio::test]
async fn another_text_is_another_token() {
    let server = server();
    let token = good().sign();
    assert_eq!(outcome(&server, &token).await, "ok");
    let (input, signature) = token.rsplit_once('.').unwrap();
    let other = good().subject("mallory").sign();
    let (others, _) = other.rsplit_once('.').unwrap();
    let unsigned = format!("{input}.");
    let swapped = format!("{others}.{signature}");
    let shorter = token[..token.len() - 1].to_owned();
    let longer = format!("{token}A");
    let padded = format!("{token}=");
    for forged in [unsigned, swapped, shorter, longer, padded] {
        assert_ne!(outcome(&server, &forged).await, "ok");
    }
    assert_eq!(outcome(&server, &token).await, "ok");
}

#[tokio::test]
async fn what_one_server_knows_another_does_not() {
    let here = server();
    let token = good().sign();
    assert_eq!(outcome(&here, &token).await, "ok");
    let other_audience = issuer(ISSUER).audience("https://other.example.com");
    let elsewhere = trusting(other_audience).build().unwrap();
    assert_eq!(outcome(&elsewhere, &token).await, "wrong_audience");
    let strict = trusting(issuer(ISSUER)).rfc9068().build().unwrap();
    let plain = good().header("typ", "JWT").sign();
    assert_eq!(outcome(&here, &plain).await, "ok");
    assert_eq!(outcome(&strict, &plain).await, "wrong_type");
    // Clones are one server.
    assert_eq!(outcome(&here.clone(), &token).await, "ok");
}

#[tokio::test]
async fn what_was_refused_is_judged_anew() {
    let (server, clock) = clocked();
    let early = lasting(60).claim("nbf", NOW + 10).sign();
    assert_eq!(outcome(&server, &early).await, "not_yet_valid");
    clock.set(UNIX_EPOCH + Duration::from_secs(NOW + 10));
    assert_eq!(outcome(&server, &early).await, "ok");
    let foreign = SigningKeys::generate(&[axum_protected::Algorithm::ES256]).unwrap();
    let forged = TokenBuilder::new(&foreign, ISSUER, AUDIENCE).sign();
    for _ in 0..3 {
        assert_ne!(outcome(&server, &forged).await, "ok");
    }
}

#[tokio::test]
async fn nothing_changes_where_nothing_is_remembered_or_little() {
    for bytes in [0, 1, 10_000, 100_000] {
        let server = trusting(issuer(ISSUER)).verified_token_bytes(bytes);
        let server = server.build().unwrap();
        let tokens: Vec<_> = (0..100)
            .map(|number| good().claim("n", number).sign())
            .collect();
        for token in tokens.iter().chain(&tokens) {
            assert_eq!(outcome(&server, token).await, "ok", "{bytes}");
        }
    }
}
