//! When the end comes, told by a clock that can be paused.

use std::sync::Arc;
use std::time::Duration;

use axum_protected::{AccessToken, Clock, ResourceServer, Revocation, SystemClock};
use axum_protected_testing::ManualClock;
use axum_protected_tests::bounded;
use futures_util::FutureExt;
use futures_util::stream::{self, Stream, StreamExt};
use tokio::time::Instant;

use super::{ISSUER, LEEWAY, LIFETIME, RuntimeClock, fixed, good, whole_seconds};

async fn verified(server: &ResourceServer) -> AccessToken {
    server.verify(&good().sign()).await.unwrap()
}

fn revoke(server: &ResourceServer, jti: &str) {
    let revocation = Revocation::token(ISSUER, jti);
    let until = whole_seconds() + LIFETIME;
    server.revocations().revoke(revocation, until).unwrap();
}

#[tokio::test(start_paused = true)]
async fn it_comes_when_a_request_would_first_be_refused() {
    let server = fixed().clock(RuntimeClock::start()).build().unwrap();
    let (text, began) = (good().sign(), Instant::now());
    let token = server.verify(&text).await.unwrap();
    let error = bounded("exp", server.until_invalid(&token)).await;
    assert_eq!(error.kind().code(), "expired_token");
    assert_eq!(began.elapsed().as_secs(), (LIFETIME + LEEWAY).as_secs());
    assert!(server.verify(&text).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_put_forward_is_seen_within_half_a_minute() {
    let clock = ManualClock::at(whole_seconds());
    let server = fixed().clock(clock.clone()).build().unwrap();
    let token = verified(&server).await;
    let mut end = Box::pin(server.until_invalid(&token));
    let hour = tokio::time::timeout(Duration::from_hours(1), &mut end);
    assert!(hour.await.is_err(), "its clock stands still");
    clock.advance(LIFETIME + LEEWAY);
    let put_forward = Instant::now();
    let error = bounded("the jump", end).await;
    assert_eq!(error.kind().code(), "expired_token");
    assert!(put_forward.elapsed().as_secs() <= 30);
}

#[tokio::test(start_paused = true)]
async fn what_is_over_already_ends_at_once() {
    let clock = ManualClock::at(whole_seconds());
    let server = fixed().clock(clock.clone()).build().unwrap();
    let token = verified(&server).await;
    let began = Instant::now();
    clock.advance(LIFETIME + LEEWAY);
    let error = server.until_invalid(&token).await;
    assert_eq!(error.kind().code(), "expired_token");
    clock.set(whole_seconds());
    revoke(&server, "j1");
    let error = server.until_invalid(&token).await;
    assert_eq!(error.kind().code(), "revoked_token");
    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_revocation_is_seen_at_once_and_by_nobody_else() {
    let server = fixed().build().unwrap();
    let token = verified(&server).await;
    let other = good().claim("jti", "j2").sign();
    let other = server.verify(&other).await.unwrap();
    let mut end = Box::pin(server.until_invalid(&token));
    let mut others = Box::pin(server.until_invalid(&other));
    assert!((&mut end).now_or_never().is_none() && (&mut others).now_or_never().is_none());
    let began = Instant::now();
    revoke(&server, "j1");
    let error = end.await;
    assert_eq!(error.kind().code(), "revoked_token");
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert!((&mut others).now_or_never().is_none());
}

#[tokio::test(start_paused = true)]
async fn it_does_not_outlive_the_server() {
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
    assert_eq!(revocations.revoke(revocation, whole_seconds()), Ok(()));
}

#[tokio::test]
async fn another_server_says_what_it_thinks_of_the_token() {
    let token = verified(&fixed().build().unwrap()).await;
    let elsewhere = [
        (
            "unknown_issuer",
            fixed_for("https://other.example.com", "x"),
        ),
        ("wrong_audience", fixed_for(ISSUER, "x")),
    ];
    for (code, server) in elsewhere {
        let error = bounded("a verdict", server.until_invalid(&token)).await;
        assert_eq!(error.kind().code(), code);
    }
}

fn fixed_for(issuer: &str, audience: &str) -> ResourceServer {
    let issuer = axum_protected::Issuer::new(issuer).audience(audience);
    let issuer = issuer.jwks(axum_protected_tests::keys().jwks());
    ResourceServer::builder().issuer(issuer).build().unwrap()
}

#[tokio::test]
async fn a_stream_ends_by_itself_as_ever() {
    let server = fixed().build().unwrap();
    let token = verified(&server).await;
    let stream = server.while_valid(&token, stream::iter([1, 2, 3]));
    assert_eq!(stream.size_hint(), (0, Some(3)));
    let mut stream = Box::pin(stream);
    assert_eq!(stream.by_ref().collect::<Vec<_>>().await, [1, 2, 3]);
    assert_eq!(stream.next().await, None);
}

/// What is ready is not given any more, and what the stream holds is let go.
#[tokio::test]
async fn after_the_end_there_is_nothing() {
    let server = fixed().build().unwrap();
    let token = verified(&server).await;
    let held = Arc::new(());
    let kept = Arc::clone(&held);
    let endless = stream::repeat_with(move || Arc::strong_count(&kept));
    let mut stream = Box::pin(server.while_valid(&token, endless));
    assert_eq!(stream.next().await, Some(2));
    revoke(&server, "j1");
    assert_eq!(stream.next().await, None);
    assert_eq!(Arc::strong_count(&held), 1);
    assert_eq!(stream.next().await, None);
    assert_eq!(stream.size_hint(), (0, Some(0)));
}

/// One thread, a stream that never waits, and a reader that never does either.
#[tokio::test]
async fn an_endless_stream_leaves_time_for_its_end() {
    const TOO_MANY: usize = 200_000_000;
    let soon = good().expires_at(SystemClock.now() + Duration::from_secs(2));
    let server = fixed().leeway(Duration::ZERO).build().unwrap();
    let token = server.verify(&soon.sign()).await.unwrap();
    let items = server.while_valid(&token, stream::repeat(()));
    assert!(items.take(TOO_MANY).count().await < TOO_MANY, "by time");

    let token = verified(&server).await;
    let items = server.while_valid(&token, stream::repeat(()));
    let revoking = async { revoke(&server, "j1") };
    let (items, ()) = tokio::join!(items.take(TOO_MANY).count(), revoking);
    assert!(items < TOO_MANY, "by a word");
}

/// A task that has used up its time is not given an item in place of the end, whenever that comes.
#[tokio::test]
async fn a_busy_task_gets_nothing_after_the_end_either() {
    let server = fixed().build().unwrap();
    for before in 0..300 {
        let jti = format!("n{before}");
        let token = good().claim("jti", jti.as_str()).sign();
        let token = server.verify(&token).await.unwrap();
        let mut stream = Box::pin(server.while_valid(&token, stream::repeat(())));
        assert_eq!(stream.by_ref().take(before).count().await, before);
        revoke(&server, &jti);
        assert_eq!(stream.next().await, None, "{before}");
    }
}
