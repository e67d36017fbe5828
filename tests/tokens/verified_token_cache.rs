//! Tests that the cache of verified tokens has none of the known mistakes of token caches.

use std::time::{Duration, UNIX_EPOCH};

use axum_protected::{ResourceServer, ResourceServerBuilder};
use axum_protected_testing::{ManualClock, SigningKeys, TokenBuilder};
use axum_protected_tests::issuer::JWKS;
use axum_protected_tests::{AUDIENCE, Reply, ScriptedIssuer, fresh_key, keys, trusting};
use metrics_util::debugging::DebuggingRecorder;

use super::{ISSUER, good, issuer, outcome, server, signatures};

const NOW: u64 = 1_700_000_000;

fn clocked() -> (ResourceServer, ManualClock) {
    let clock = ManualClock::at(UNIX_EPOCH + Duration::from_secs(NOW));
    let server = trusting(issuer(ISSUER)).clock(clock.clone()).leeway(Duration::ZERO);
    (server.build().unwrap(), clock)
}

fn lasting(seconds: u64) -> TokenBuilder {
    good().claim("exp", NOW + seconds).claim("iat", NOW)
}

/// The size of a small cache in bytes. A small cache holds some tens of tokens.
const SMALL: usize = 64 * 1024;
/// A number of tokens that is larger than the capacity of a small cache.
const MANY: u64 = 200;

/// Verifies `MANY` tokens, so that the cache is full.
async fn fill(server: &ResourceServer) {
    for number in 0..MANY {
        let token = good().claim("n", number).sign();
        assert_eq!(outcome(server, &token).await, "ok");
    }
}

/// Builds a server with a full cache. The cached tokens are valid for an hour.
pub(super) async fn full(server: ResourceServerBuilder) -> ResourceServer {
    let server = server.verified_token_bytes(SMALL).build().unwrap();
    fill(&server).await;
    server
}

/// Makes a token larger than the tokens of `fill`, so that it does not fit into the space of one of
/// them.
pub(super) fn large(token: TokenBuilder) -> TokenBuilder {
    token.claim("more", "x".repeat(100))
}

/// Verifies a token several times, and returns the number of signature checks of each verification.
async fn signature_counts<const TIMES: usize>(
    server: &ResourceServer,
    token: TokenBuilder,
    recorder: &DebuggingRecorder,
) -> [usize; TIMES] {
    let text = large(token).sign();
    signatures(recorder);
    let mut numbers = [0; TIMES];
    for number in &mut numbers {
        assert_eq!(outcome(server, &text).await, "ok");
        *number = signatures(recorder);
    }
    numbers
}

#[tokio::test]
async fn a_full_cache_keeps_repeated_tokens() {
    let recorder = DebuggingRecorder::new();
    let _measuring = metrics::set_default_local_recorder(&recorder);
    let roomy = trusting(issuer(ISSUER)).build().unwrap();
    assert_eq!(signature_counts(&roomy, good(), &recorder).await, [1, 0, 0]);
    let full = full(trusting(issuer(ISSUER))).await;
    for _ in 0..10 {
        assert_eq!(signature_counts(&full, good(), &recorder).await, [1, 1, 0, 0]);
    }
}

#[tokio::test]
async fn expired_tokens_make_room() {
    let recorder = DebuggingRecorder::new();
    let _measuring = metrics::set_default_local_recorder(&recorder);
    let clock = ManualClock::at(UNIX_EPOCH + Duration::from_secs(NOW));
    let server =
        trusting(issuer(ISSUER)).clock(clock.clone()).verified_token_bytes(SMALL).build().unwrap();
    for number in 0..MANY {
        let token = lasting(60).claim("n", number).sign();
        assert_eq!(outcome(&server, &token).await, "ok");
    }
    assert_eq!(signature_counts(&server, lasting(60), &recorder).await, [1, 1, 0]);
    clock.advance(Duration::from_secs(3600));
    // The cache removes expired tokens when the server adds the next token.
    let later = || lasting(3660);
    assert_eq!(signature_counts(&server, later(), &recorder).await, [1, 1, 0]);
    for _ in 0..5 {
        assert_eq!(signature_counts(&server, later(), &recorder).await, [1, 0, 0]);
    }
}

#[tokio::test]
async fn a_token_of_an_older_key_set_is_verified_anew() {
    let recorder = DebuggingRecorder::new();
    let _measuring = metrics::set_default_local_recorder(&recorder);
    let scripted = ScriptedIssuer::start().await;
    let server = trusting(issuer(ISSUER))
        .issuer(scripted.url())
        .verified_token_bytes(SMALL)
        .build()
        .unwrap();
    server.ready().await.unwrap();
    let token = scripted.token();
    assert_eq!(signature_counts(&server, token.clone(), &recorder).await, [1, 0]);
    fill(&server).await;
    assert_eq!(signature_counts(&server, token.clone(), &recorder).await, [0]);
    let mut set = keys().jwks();
    let another = fresh_key().jwks()["keys"][0].clone();
    set["keys"].as_array_mut().unwrap().push(another);
    scripted.set(JWKS, Reply::json(&set));
    server.reload_keys().await.unwrap();
    assert_eq!(signature_counts(&server, token, &recorder).await, [1, 0, 0]);
}

#[tokio::test]
async fn a_cached_token_is_checked_against_the_clock() {
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
async fn a_token_with_another_text_is_verified_separately() {
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
async fn servers_do_not_share_the_cache() {
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
    // A clone of a server uses the same cache.
    assert_eq!(outcome(&here.clone(), &token).await, "ok");
}

#[tokio::test]
async fn refusals_are_not_cached() {
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
async fn the_size_of_the_cache_does_not_change_outcomes() {
    for bytes in [0, 1, 10_000, 100_000, usize::MAX] {
        let server = trusting(issuer(ISSUER)).verified_token_bytes(bytes).build().unwrap();
        let tokens: Vec<_> = (0..100).map(|number| good().claim("n", number).sign()).collect();
        for token in tokens.iter().chain(&tokens) {
            assert_eq!(outcome(&server, token).await, "ok", "{bytes}");
        }
    }
}
