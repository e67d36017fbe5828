//! The life of an issuer's keys, as tokens and the issuer see it: loads, rotations, floods of
//! unknown keys, outages, answers that are none.
//!
//! Where hours have to pass, the clock of the runtime is put forward between two exchanges, never
//! during one: a paused clock would take waiting for a socket for idleness, and run.
//!
//! What may go wrong, and the test that says what happens then:
//!
//! | case | test |
//! |---|---|
//! | the issuer hangs after accepting | `outage::an_issuer_that_hangs_does_not_touch_anothers_tokens`, `invalid_answers::an_answer_that_does_not_end_is_given_up` |
//! | it is slow exactly at expiry | `outage::an_issuer_that_is_slow_at_expiry_holds_up_nobody_whose_key_is_good` |
//! | it is down past the keys' lifetime | `outage::good_keys_serve_through_an_outage_that_has_an_end` |
//! | it is down from the start | `outage::without_keys_the_server_opens_by_itself`, `outage::without_keys_the_server_is_closed_and_opens_with_the_first_request` |
//! | readiness is asked for after that | `outage::readiness_waits_for_what_follows_keys_that_have_ended` |
//! | it rotates under 200 requests | `rotation::a_rotation_under_two_hundred_requests_fails_none` |
//! | it rotates over and over | `rotation::replacing_the_set_is_seamless` |
//! | it rotates right after a load | `rotation::a_rotation_right_after_the_load_is_seen_by_the_first_request` |
//! | a flood of random `kid`s | `flood::unknown_keys_cause_one_fetch_and_hold_nobody_up` |
//! | a rotation within the flood | `flood::a_rotation_during_a_flood_is_seen_within_the_stated_bound` |
//! | a key is withdrawn | `rotation::a_withdrawn_key_is_refused_after_the_refresh_that_nobody_asked_for` |
//! | without replacement | `rotation::a_key_withdrawn_without_replacement_is_refused` |
//! | 200 first requests on a cold start | `flood::a_cold_herd_shares_one_fetch` |
//! | the first who waits is cancelled | `flood::who_leaves_cancels_nothing_for_those_who_stay` |
//! | a bad issuer beside good ones | `outage::an_issuer_that_hangs_does_not_touch_anothers_tokens`, all of `transport` |
//! | an answer that is empty, invalid, huge, HTML, redirected, of 10 000 keys | `invalid_answers::a_broken_answer_changes_nothing` |
//! | of the wrong content type, or byte by byte | `invalid_answers::what_is_odd_but_right_is_taken`, `invalid_answers::an_answer_that_does_not_end_is_given_up` |
//! | with a `kid` twice | `invalid_answers::one_name_for_two_keys_means_none_of_them` |
//! | the wall clock jumps either way | `freshness::a_wall_clock_that_jumps_moves_no_keys` |
//! | `max-age` of 0 | `freshness::the_lifetime_is_what_the_answer_says_within_bounds` |
//! | of 10^12 | `freshness::a_lifetime_beyond_measure_is_a_long_one` |
//! | an `ETag` answered 304 | `freshness::what_is_held_is_asked_for_by_its_validators` |
//! | one that lies | `freshness::a_validator_that_lies_costs_the_new_key_and_nothing_else` |
//! | DNS failure | `transport::a_name_that_nobody_has_is_an_outage` |
//! | TLS failure | `transport::who_speaks_no_tls_is_not_spoken_to`, `transport::a_certificate_that_nobody_vouches_for_is_refused` |
//! | a runtime of several goes, stops, or waits for a slow issuer | all of `runtimes` |
//! | the server goes while a fetch is under way | `shutdown::the_last_clone_takes_the_fetch_under_way_with_it` |

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what fails here is a failed test"
)]

mod change_listener;
mod discovery;
mod flood;
mod freshness;
mod health;
mod invalid_answers;
mod outage;
mod reload;
mod rotation;
mod runtimes;
mod seed;
mod shutdown;
mod transport;

use std::time::Duration;

use axum_protected::ResourceServer;
use axum_protected_testing::{SigningKeys, TokenBuilder};
use axum_protected_tests::{AUDIENCE, App, Call, ScriptedIssuer, bounded, ready, trusting};

/// A server that holds the issuer's keys.
async fn warm(issuer: &ScriptedIssuer) -> ResourceServer {
    let server = trusting(issuer.url()).build().unwrap();
    ready(&server).await;
    server
}

async fn warm_app(issuer: &ScriptedIssuer) -> App {
    App::serve(warm(issuer).await).await
}

/// A request with this token, to a route that any good token opens.
fn me(token: TokenBuilder) -> Call {
    Call::get("/api/me").bearer(&token.sign())
}

/// A token of this issuer by other keys than the shared ones.
fn by(keys: &SigningKeys, issuer: &ScriptedIssuer) -> TokenBuilder {
    TokenBuilder::new(keys, issuer.url(), AUDIENCE)
}

/// A token that names a key which nobody publishes.
fn stray(issuer: &ScriptedIssuer, number: usize) -> TokenBuilder {
    issuer.token().header("kid", format!("stray-{number}"))
}

async fn code(server: &ResourceServer, token: TokenBuilder) -> &'static str {
    match server.verify(&token.sign()).await {
        Ok(_) => "ok",
        Err(error) => error.kind().code(),
    }
}

/// Puts the clock forward, and leaves time to what is due then: a fetch is two exchanges.
async fn pass(issuer: &ScriptedIssuer, time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
    for _ in 0..8 {
        issuer.ping().await;
    }
}

/// Lets time pass in these steps until this has come about.
async fn pass_until(issuer: &ScriptedIssuer, step: Duration, mut condition: impl FnMut() -> bool) {
    for _ in 0..10_000 {
        if condition() {
            return;
        }
        pass(issuer, step).await;
    }
    panic!("in vain: 10 000 times {step:?}");
}

/// Lets time pass until this path was asked for that often.
async fn pass_until_asked(issuer: &ScriptedIssuer, path: &str, times: usize) {
    let step = Duration::from_secs(60);
    pass_until(issuer, step, || issuer.count(path) >= times).await;
}

/// Asks until the answer is this one: for what happens off the request path.
async fn comes_to(server: &ResourceServer, token: &TokenBuilder, expected: &str) {
    let coming = async {
        while code(server, token.clone()).await != expected {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    bounded(expected, coming).await;
}
