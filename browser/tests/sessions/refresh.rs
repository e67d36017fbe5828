//! The refresh of tokens when they expire.

use std::time::Duration;

use axum_protected_testing::TokenEndpoint;
use futures_util::future::join_all;
use tokio::time::sleep;

use crate::application::{LONG, SESSION, SHORT, World, alice, ended, eventually, expiry, start};
use crate::browser::Browser;

/// Sends six requests with distinct addresses, each on a connection of its own.
pub(crate) async fn six(world: &World, browser: &Browser) -> Vec<u16> {
    join_all((0..6).map(|number| {
        let mut browser = browser.clone();
        async move {
            let url = world.url(&format!("/notes?number={number}"));
            browser.get(&url).await.status.as_u16()
        }
    }))
    .await
}

#[tokio::test]
async fn a_session_is_renewed_without_a_click() {
    let world = start(SHORT).await;
    let mut browser = world.sign_in().await;
    let cookie = browser.cookies.clone();
    assert_eq!(world.notes(&mut browser).await, alice());
    assert_eq!(world.issuer.refreshes(), 0);
    for number in 1..3 {
        expiry().await;
        assert_eq!(world.notes(&mut browser).await, alice());
        assert_eq!(world.issuer.refreshes(), number);
    }
    assert_eq!(browser.cookies, cookie, "the cookie of a session on the server stays the same");
}

#[tokio::test]
async fn six_requests_at_expiry_cause_one_refresh() {
    let world = start(SHORT).await;
    let browser = world.sign_in().await;
    expiry().await;
    assert_eq!(six(&world, &browser).await, [200; 6]);
    assert_eq!(world.issuer.refreshes(), 1);
}

#[tokio::test]
async fn an_aborted_request_does_not_end_the_session() {
    let world = start(SHORT).await;
    let browser = world.sign_in().await;
    expiry().await;
    world.issuer.set_token_endpoint(TokenEndpoint::Slow(Duration::from_millis(300)));
    let (mut first, url) = (browser.clone(), world.url("/notes?first"));
    let first = tokio::spawn(async move { first.get(&url).await.status });
    eventually(|| world.issuer.refreshes() == 1).await;
    first.abort();
    assert!(first.await.is_err());
    assert_eq!(six(&world, &browser).await, [200; 6]);
    assert_eq!(world.issuer.refreshes(), 1);
}

#[tokio::test]
async fn a_provider_that_fails_does_not_end_the_session() {
    let world = start(SHORT).await;
    let mut browser = world.sign_in().await;
    expiry().await;
    world.issuer.set_token_endpoint(TokenEndpoint::Unavailable);
    let unavailable = (503, "session_unavailable".to_owned());
    assert_eq!(world.notes(&mut browser).await, unavailable);
    assert_eq!(world.notes(&mut browser).await, unavailable);
    let state = world.fetch(&mut browser, reqwest::Method::GET, "/session").await;
    assert_eq!((state.status.as_u16(), state.header("retry-after")), (503, "5"));
    assert!(state.body.contains(r#""code":"session_unavailable""#), "{}", state.body);
    assert_eq!(world.issuer.refreshes(), 1, "the second request does not ask again");
    assert_eq!(browser.names("__Host-"), [SESSION]);
    world.issuer.set_token_endpoint(TokenEndpoint::Available);
    // The pause after a failed refresh.
    sleep(Duration::from_millis(2050)).await;
    assert_eq!(world.notes(&mut browser).await, alice());
}

#[tokio::test]
async fn a_refused_refresh_ends_the_session_and_removes_its_cookie() {
    let world = start(SHORT).await;
    let mut browser = world.sign_in().await;
    let mut thief = browser.clone();
    expiry().await;
    world.issuer.set_token_endpoint(TokenEndpoint::InvalidGrant);
    assert_eq!(world.notes(&mut browser).await, ended());
    assert_eq!(browser.names("__Host-"), [SESSION], "the answer may come after another sign-in");
    assert!(!world.is_signed_in(&mut browser).await);
    assert_eq!(browser.names("__Host-"), Vec::<&str>::new());
    world.issuer.set_token_endpoint(TokenEndpoint::Available);
    assert_eq!(world.notes(&mut thief).await, ended());
}

#[tokio::test]
async fn public_routes_and_other_cookies_read_no_session() {
    let world = start(LONG).await;
    let mut browser = world.sign_in().await;
    let mut stranger = Browser::new();
    for value in ["", "x", &"A".repeat(43), "%00"] {
        stranger.cookies.insert(SESSION.to_owned(), value.to_owned());
        let answer = world.fetch(&mut stranger, reqwest::Method::GET, "/public").await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "nobody"), "{value}");
    }
    let answer = world.fetch(&mut browser, reqwest::Method::GET, "/public").await;
    assert_eq!(answer.body, "alice");
    assert_eq!(answer.header("cache-control"), "no-store");
    let answer = world.fetch(&mut Browser::new(), reqwest::Method::GET, "/public").await;
    assert_eq!((answer.body.as_str(), answer.header("cache-control")), ("nobody", ""));
}

#[tokio::test]
async fn a_request_with_two_sessions_or_with_a_token_too_is_malformed() {
    let world = start(LONG).await;
    let mut browser = world.sign_in().await;
    let token = world.issuer.token().subject("alice").scope("notes:read").sign();
    let header = [("authorization", format!("Bearer {token}"))];
    let header = header.each_ref().map(|(name, value)| (*name, value.as_str()));
    let answer = browser.send(reqwest::Method::GET, &world.url("/notes"), &header).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    let value = browser.cookies[SESSION].clone();
    browser.cookies.insert(SESSION.to_owned(), format!("{value}; {SESSION}={value}"));
    assert_eq!(browser.get(&world.url("/notes")).await.status, 400);
}
