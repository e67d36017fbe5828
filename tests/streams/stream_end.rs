//! Tests the time at which streams end, with a paused clock.

use std::future::ready;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum_protected::revocation::Revocation;
use axum_protected::{AccessToken, Algorithm, Issuer, Provider, ResourceServer};
use axum_protected_testing::{ManualClock, TokenBuilder};
use axum_protected_tests::{AUDIENCE, bounded, keys, token, trusting};
use futures_util::FutureExt;
use futures_util::stream::{self, Stream, StreamExt};
use serde_json::json;
use tokio::time::Instant;

use super::{
    ISSUER, LEEWAY, LIFETIME, RuntimeClock, fixed, good, lasting, unix_seconds, whole_seconds,
};

async fn verified(server: &ResourceServer) -> AccessToken {
    server.authenticate(&good().sign()).await.unwrap()
}

async fn revoke(server: &ResourceServer, jti: &str) {
    let revocation = Revocation::token(ISSUER, jti);
    let until = whole_seconds() + LIFETIME;
    let revoked = server.revocations().revoke(revocation, until);
    revoked.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_end_comes_when_a_request_would_first_be_refused() {
    let server = fixed().clock(RuntimeClock::start()).build().unwrap();
    let (text, began) = (good().sign(), Instant::now());
    let token = server.authenticate(&text).await.unwrap();
    let error = bounded("exp", server.until_invalid(&token)).await;
    assert_eq!(error.kind().code(), "expired_token");
    assert_eq!(began.elapsed().as_secs(), (LIFETIME + LEEWAY).as_secs());
    assert!(server.authenticate(&text).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_jumps_forward_is_noticed_within_half_a_minute() {
    let clock = ManualClock::at(whole_seconds());
    let server = fixed().clock(clock.clone()).build().unwrap();
    let token = verified(&server).await;
    let mut end = Box::pin(server.until_invalid(&token));
    let hour = tokio::time::timeout(Duration::from_hours(1), &mut end);
    assert!(hour.await.is_err(), "it ended although its clock stands still");
    clock.advance(LIFETIME + LEEWAY);
    let jump = Instant::now();
    let error = bounded("the jump", end).await;
    assert_eq!(error.kind().code(), "expired_token");
    assert!(jump.elapsed().as_secs() <= 30);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_already_invalid_ends_immediately() {
    let clock = ManualClock::at(whole_seconds());
    let server = fixed().clock(clock.clone()).build().unwrap();
    let token = verified(&server).await;
    let began = Instant::now();
    clock.advance(LIFETIME + LEEWAY);
    let error = server.until_invalid(&token).await;
    assert_eq!(error.kind().code(), "expired_token");
    clock.set(whole_seconds());
    revoke(&server, "j1").await;
    let error = server.until_invalid(&token).await;
    assert_eq!(error.kind().code(), "revoked_token");
    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_revocation_ends_only_its_own_token_immediately() {
    let server = fixed().build().unwrap();
    let token = verified(&server).await;
    let other = good().claim("jti", "j2").sign();
    let other = server.authenticate(&other).await.unwrap();
    let mut end = Box::pin(server.until_invalid(&token));
    let mut others = Box::pin(server.until_invalid(&other));
    assert!((&mut end).now_or_never().is_none() && (&mut others).now_or_never().is_none());
    let began = Instant::now();
    revoke(&server, "j1").await;
    let error = end.await;
    assert_eq!(error.kind().code(), "revoked_token");
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert!((&mut others).now_or_never().is_none());
}

/// A function that makes a revocation for a time, and the expected outcome of each token.
type Revoked = (fn(SystemTime) -> Revocation, [&'static str; 4]);

/// The revocation applies to the earlier tokens of one client or to all earlier tokens of the
/// issuer.
#[tokio::test(start_paused = true)]
async fn a_revoked_client_or_issuer_ends_what_was_issued_so_far() {
    const OTHER: &str = "https://other.example.com";
    let now = whole_seconds();
    let later = unix_seconds(now) + 1;
    let revocations: [Revoked; 2] = [
        (|time| Revocation::client(ISSUER, "web", time), ["revoked_token", "ok", "ok", "ok"]),
        (|time| Revocation::issuer(ISSUER, time), ["revoked_token", "revoked_token", "ok", "ok"]),
    ];
    for (revocation, expected) in revocations {
        let other = Issuer::new(OTHER).jwks(keys().jwks());
        let server = fixed().issuer(other).build().unwrap();
        let web = |token: TokenBuilder| token.claim("client_id", "web");
        let texts =
            [web(good()), good(), web(good()).claim("iat", later), web(lasting(token(OTHER)))];
        let mut ends = Vec::new();
        for text in texts.map(TokenBuilder::sign) {
            let token = server.authenticate(&text).await.unwrap();
            ends.push(Box::pin(server.until_invalid(&token)));
        }
        assert!(ends.iter_mut().all(|end| end.now_or_never().is_none()));
        let revoking = server.revocations().revoke(revocation(now), now + LIFETIME);
        // The call of `revoke` puts the revocation in force before the test awaits the future
        // `revoking`.
        let outcomes = ends
            .iter_mut()
            .map(FutureExt::now_or_never)
            .map(|error| error.map_or("ok", |error| error.kind().code()));
        assert_eq!(outcomes.collect::<Vec<_>>(), expected);
        revoking.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn the_end_comes_with_the_server() {
    let server = fixed().build().unwrap();
    let token = verified(&server).await;
    let revocations = server.revocations().clone();
    let mut end = Box::pin(server.until_invalid(&token));
    assert!((&mut end).now_or_never().is_none());
    let began = Instant::now();
    drop(server);
    let error = end.await;
    assert_eq!(error.kind().code(), "keys_unavailable");
    assert_eq!(began.elapsed(), Duration::ZERO);
    let revocation = Revocation::token(ISSUER, "j1");
    let revoked = revocations.revoke(revocation, whole_seconds() + LIFETIME);
    assert_eq!(revoked.await, Ok(()));
}

/// A server judges a token by its own rules, even if another server accepted the token. A stream
/// with a refused token ends immediately, with the code that a request with the same token gets.
#[tokio::test(start_paused = true)]
async fn another_server_judges_the_token_by_all_of_its_own_rules() {
    let here = || Issuer::new(ISSUER).audience(AUDIENCE);
    let elsewhere = Issuer::new("https://other.example.com").audience(AUDIENCE);
    let strange = Issuer::new(ISSUER).audience("x");
    let cognito = || Issuer::new(ISSUER).provider(Provider::Cognito);
    let of_cognito = || good().claim("token_use", "access");
    let plain = || good().header("typ", "JWT");
    let cases = [
        ("unknown_issuer", elsewhere, good()),
        ("wrong_audience", strange, good()),
        ("ok", cognito().audience(AUDIENCE), of_cognito()),
        ("wrong_type", cognito().audience(AUDIENCE), good()),
        ("wrong_audience", cognito().audience("development"), of_cognito()),
        ("wrong_type", here().provider(Provider::Keycloak), good()),
        ("wrong_type", here().rfc9068(), plain()),
        ("missing_claim", here().rfc9068(), good().without("client_id")),
        ("ok", here().rfc9068(), good()),
        ("ok", here(), plain()),
    ];
    for (code, issuer, token) in cases {
        let text = token.sign();
        let token = fixed().build().unwrap().authenticate(&text).await.unwrap();
        let issuer = issuer.jwks(keys().jwks());
        let server = ResourceServer::builder().issuer(issuer).build().unwrap();
        let request =
            server.authenticate(&text).await.map_or_else(|error| error.kind().code(), |_| "ok");
        assert_eq!(request, code);
        assert_eq!(verdict_now(&server, &token), code);
    }
}

/// The key set that all tests share has one key for each of several algorithms.
#[tokio::test]
async fn another_server_accepts_no_algorithm_that_it_does_not_allow() {
    let text = good().sign();
    let token = fixed().build().unwrap().authenticate(&text).await.unwrap();
    let other = json!({ "keys": [keys().jwks()["keys"][1]] });
    let issuer = Issuer::new(ISSUER).algorithms([Algorithm::ES256]);
    let server = trusting(issuer.jwks(other)).build().unwrap();
    let request = server.authenticate(&text).await.unwrap_err();
    assert_eq!(request.kind().code(), "unsupported_algorithm");
    assert_eq!(verdict_now(&server, &token), "unsupported_algorithm");
}

/// The two servers read the client of a token from different claims. A revocation uses the claim of
/// the server on which it was made.
#[tokio::test]
async fn another_server_finds_the_client_by_its_own_rules() {
    let text = good().claim("client_id", "harmless").claim("azp", "evil").sign();
    let token = fixed().build().unwrap().authenticate(&text).await.unwrap();
    let issuer = Issuer::new(ISSUER).provider(Provider::EntraId).jwks(keys().jwks());
    let server = trusting(issuer).build().unwrap();
    assert_eq!(verdict_now(&server, &token), "ok");
    let now = whole_seconds();
    let revocation = Revocation::client(ISSUER, "evil", now + LIFETIME);
    server.revocations().revoke(revocation, now + LIFETIME).await.unwrap();
    assert_eq!(verdict_now(&server, &token), "revoked_token");
}

/// Returns the code of `until_invalid` if that future is ready, else `ok`. Asserts that a stream of
/// `while_valid` has ended if and only if the future is ready.
fn verdict_now(server: &ResourceServer, token: &AccessToken) -> &'static str {
    let end = server.until_invalid(token).now_or_never();
    let items = stream::pending::<()>();
    let stream = Box::pin(server.while_valid(token, items)).next().now_or_never();
    assert_eq!(stream.is_some(), end.is_some());
    end.map_or("ok", |error| error.kind().code())
}

#[tokio::test]
async fn a_stream_can_still_end_by_itself() {
    let server = fixed().build().unwrap();
    let token = verified(&server).await;
    let stream = server.while_valid(&token, stream::iter([1, 2, 3]));
    assert_eq!(stream.size_hint(), (0, Some(3)));
    let mut stream = Box::pin(stream);
    assert_eq!(stream.by_ref().collect::<Vec<_>>().await, [1, 2, 3]);
    assert_eq!(stream.next().await, None);
}

/// After the end, the stream returns no more items, even if the inner stream has some, and drops
/// the inner stream.
#[tokio::test]
async fn no_item_follows_the_end() {
    let server = fixed().build().unwrap();
    let token = verified(&server).await;
    let held = Arc::new(());
    let owned_by_stream = Arc::clone(&held);
    let endless = stream::repeat_with(move || Arc::strong_count(&owned_by_stream));
    let mut stream = Box::pin(server.while_valid(&token, endless));
    assert_eq!(stream.next().await, Some(2));
    revoke(&server, "j1").await;
    assert_eq!(stream.next().await, None);
    assert_eq!(Arc::strong_count(&held), 1);
    assert_eq!(stream.next().await, None);
    assert_eq!(stream.size_hint(), (0, Some(0)));
}

/// The stream always has an item, the reader never waits, and both run on one thread.
#[tokio::test]
async fn an_always_ready_stream_ends_in_time() {
    let clock = ManualClock::at(whole_seconds());
    let server = fixed().clock(clock.clone()).leeway(Duration::ZERO).build().unwrap();
    let soon = good().expires_at(whole_seconds() + Duration::from_secs(1));
    let token = server.authenticate(&soon.sign()).await.unwrap();
    let clock_thread = std::thread::spawn(move || {
        // The test passes if this thread runs before the thread of the reader, and also if it runs
        // later.
        std::thread::sleep(Duration::from_millis(50));
        clock.advance(Duration::from_secs(1));
    });
    assert!(ends_in_time(server.while_valid(&token, stream::repeat(()))).await, "no end by expiry");
    clock_thread.join().unwrap();

    let server = fixed().build().unwrap();
    let token = verified(&server).await;
    let items = ends_in_time(server.while_valid(&token, stream::repeat(())));
    let revoking = revoke(&server, "j1");
    let (ended, ()) = tokio::join!(items, revoking);
    assert!(ended, "no end by revocation");
}

/// Reads a stream to its end. Returns true if the stream ends within a minute.
async fn ends_in_time(items: impl Stream<Item = ()>) -> bool {
    let began = Instant::now();
    let in_time = || began.elapsed() < Duration::from_secs(60);
    items.take_while(|()| ready(in_time())).count().await;
    in_time()
}

/// After the revocation the task gets the end of the stream and no item, even if its cooperative
/// budget in tokio is used up. The test revokes the token after 0 to 299 items.
#[tokio::test]
async fn a_busy_task_gets_no_item_after_the_end() {
    let server = fixed().build().unwrap();
    for before in 0..300 {
        let jti = format!("n{before}");
        let token = good().claim("jti", jti.as_str()).sign();
        let token = server.authenticate(&token).await.unwrap();
        let mut stream = Box::pin(server.while_valid(&token, stream::repeat(())));
        assert_eq!(stream.by_ref().take(before).count().await, before);
        revoke(&server, &jti).await;
        assert_eq!(stream.next().await, None, "{before}");
    }
}
