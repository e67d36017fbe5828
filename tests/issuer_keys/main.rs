//! Tests the keys of an issuer: loads, rotations, floods of unknown keys, outages, invalid
//! responses.
//!
//! A test that covers hours advances the clock of the runtime between two HTTP exchanges, never
//! during an exchange. While a paused runtime waits for a socket, tokio advances its clock
//! automatically.
//!
//! The table lists each kind of failure and the tests that cause it:
//!
//! | case | test |
//! |---|---|
//! | the issuer hangs after accepting | `outage::an_issuer_that_hangs_does_not_affect_tokens_of_another`, `invalid_answers::an_endless_answer_times_out` |
//! | the issuer is slow exactly at expiry | `outage::an_issuer_that_is_slow_at_expiry_delays_no_valid_key` |
//! | the issuer is down beyond the lifetime of its keys | `outage::keys_serve_during_an_outage_for_a_bounded_time` |
//! | the issuer is down from the start | `outage::without_keys_the_server_fetches_them_by_itself`, `outage::without_keys_the_server_refuses_until_a_request_fetches_them` |
//! | readiness after the keys have ended | `outage::readiness_waits_for_the_successors_of_ended_keys` |
//! | a rotation during 200 requests | `rotation::a_rotation_under_two_hundred_requests_fails_none` |
//! | repeated rotations | `rotation::replacing_the_set_refuses_no_valid_token` |
//! | a rotation right after a load | `rotation::a_rotation_right_after_the_load_is_noticed_by_the_first_request` |
//! | a flood of random `kid`s | `flood::unknown_keys_cause_one_fetch_and_delay_no_known_key` |
//! | a rotation during the flood | `flood::a_rotation_during_a_flood_is_noticed_within_the_stated_bound` |
//! | a key is withdrawn | `rotation::a_withdrawn_key_is_refused_after_the_scheduled_refresh` |
//! | without replacement | `rotation::a_key_withdrawn_without_replacement_is_refused` |
//! | 200 first requests on a cold start | `flood::first_requests_share_one_fetch` |
//! | the first waiting request is cancelled | `flood::a_cancelled_request_does_not_cancel_the_shared_fetch` |
//! | a bad issuer beside good ones | `outage::an_issuer_that_hangs_does_not_affect_tokens_of_another`, all of `transport` |
//! | an empty, invalid, huge, HTML or redirecting answer, or one with 10 000 keys | `invalid_answers::an_invalid_answer_changes_nothing` |
//! | an answer with the wrong content type, or byte by byte | `invalid_answers::an_unusual_but_valid_answer_is_accepted`, `invalid_answers::an_endless_answer_times_out` |
//! | an answer with a duplicate `kid` | `invalid_answers::two_keys_of_one_name_are_both_unused` |
//! | a set that does not conform to the standards, or contains a broken key | all of `published_sets` |
//! | the wall clock jumps either way | `freshness::a_jump_of_the_wall_clock_does_not_affect_keys` |
//! | `max-age` of 0 | `freshness::the_lifetime_is_that_of_the_answer_within_bounds` |
//! | `max-age` of 10^12 | `freshness::an_unrepresentable_lifetime_is_the_longest_one` |
//! | an `ETag` answered 304 | `freshness::a_refresh_sends_the_validators_of_the_stored_set` |
//! | an `ETag` that stays the same for new keys | `freshness::a_wrong_304_only_hides_the_new_key` |
//! | DNS failure | `transport::an_unknown_host_name_is_an_outage` |
//! | TLS failure | `transport::an_issuer_without_tls_gets_no_request`, `transport::an_untrusted_certificate_is_refused` |
//! | each cause of a failed fetch | all of `causes` |
//! | a client of the application breaks the rules | `fetch::the_rules_for_responses_are_those_of_the_server` |
//! | the first location of the metadata cuts the connection, hangs or is late | all of `discovery_order` |
//! | a document is planted at a later location of the metadata | all of `planted_metadata` |
//! | the key set moves to another URL | all of `moved_keys` |
//! | two new keys within a second | `rotation::two_new_keys_within_a_second_are_both_noticed` |
//! | a new key under the same `kid` | all of `reused_kid` |
//! | one of several runtimes ends, stops, or waits for a slow issuer | all of `runtimes` |
//! | the server is dropped during a fetch | `shutdown::dropping_the_last_clone_cancels_the_fetch` |

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod addresses;
#[path = "../authority.rs"]
mod authority;
mod causes;
mod change_listener;
mod discovery;
mod discovery_order;
mod fetch;
mod flood;
mod freshness;
mod health;
mod invalid_answers;
mod moved_keys;
mod outage;
mod planted_metadata;
mod published_sets;
mod readiness;
mod reload;
mod request_headers;
mod reused_kid;
mod roots;
mod rotation;
mod runtimes;
mod seed;
mod shutdown;
mod tls;
mod transport;

use std::time::Duration;

use axum_protected::ResourceServer;
use axum_protected_testing::{SigningKeys, TokenBuilder};
use axum_protected_tests::{AUDIENCE, App, Call, ScriptedIssuer, bounded, ready, trusting};

/// Returns a server that has loaded the keys of the issuer.
async fn warm(issuer: &ScriptedIssuer) -> ResourceServer {
    let server = trusting(issuer.url()).build().unwrap();
    ready(&server).await;
    server
}

async fn warm_app(issuer: &ScriptedIssuer) -> App {
    App::serve(warm(issuer).await).await
}

/// Makes a request with this token to a route that admits every valid token.
fn me(token: TokenBuilder) -> Call {
    Call::get("/api/me").bearer(&token.sign())
}

/// Returns a token of this issuer that these keys sign.
fn signed_by(keys: &SigningKeys, issuer: &ScriptedIssuer) -> TokenBuilder {
    TokenBuilder::new(keys, issuer.url(), AUDIENCE)
}

/// Returns a token whose `kid` the issuer does not publish.
fn with_unknown_kid(issuer: &ScriptedIssuer, number: usize) -> TokenBuilder {
    issuer.token().header("kid", format!("unknown-{number}"))
}

async fn code(server: &ResourceServer, token: TokenBuilder) -> &'static str {
    match server.authenticate(&token.sign()).await {
        Ok(_) => "ok",
        Err(error) => error.kind().code(),
    }
}

/// Advances the clock, then waits until the background tasks that are due have finished. The
/// longest task is a fetch, which has two HTTP exchanges.
async fn pass(issuer: &ScriptedIssuer, time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
    for _ in 0..8 {
        issuer.ping().await;
    }
}

/// Advances the clock in steps of this length until the condition is true.
async fn pass_until(issuer: &ScriptedIssuer, step: Duration, mut condition: impl FnMut() -> bool) {
    for _ in 0..10_000 {
        if condition() {
            return;
        }
        pass(issuer, step).await;
    }
    panic!("the condition stayed false for 10 000 steps of {step:?}");
}

/// Advances the clock until the issuer has received this number of requests to this path.
async fn pass_until_requests(issuer: &ScriptedIssuer, path: &str, times: usize) {
    let step = Duration::from_secs(60);
    pass_until(issuer, step, || issuer.count(path) >= times).await;
}

/// Verifies the token repeatedly until the outcome is the expected code. Use this function if a
/// task in the background changes the keys.
async fn wait_for_code(server: &ResourceServer, token: &TokenBuilder, expected: &str) {
    let repeated = async {
        while code(server, token.clone()).await != expected {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    bounded(expected, repeated).await;
}
