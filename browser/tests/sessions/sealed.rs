//! Sessions in their cookies.

use std::time::Duration;

use axum_protected_testing::TokenEndpoint;
use reqwest::Method;
use tokio::time::sleep;

use crate::application::{LONG, SESSION, SHORT, alice, ended, eventually, expiry, start_sealed};
use crate::refresh::six;

#[tokio::test]
async fn a_renewed_session_has_a_new_cookie() {
    let world = start_sealed(SHORT).await;
    let mut browser = world.sign_in().await;
    let first = browser.cookies[SESSION].clone();
    assert_eq!(world.notes(&mut browser).await, alice());
    assert_eq!(browser.cookies[SESSION], first);
    expiry().await;
    let old = browser.clone();
    assert_eq!(six(&world, &browser).await, [200; 6]);
    assert_eq!(world.notes(&mut browser).await, alice());
    assert_ne!(browser.cookies[SESSION], first);
    assert_eq!(world.issuer.refreshes(), 1, "the old cookie finds the outcome");
    expiry().await;
    // A request with the oldest cookie follows both refreshes.
    assert_eq!(world.notes(&mut browser).await, alice());
    assert_eq!(world.notes(&mut old.clone()).await, alice());
    assert_eq!(world.issuer.refreshes(), 2);
}

#[tokio::test]
async fn a_late_answer_does_not_sign_in_again() {
    let world = start_sealed(SHORT).await;
    let mut browser = world.sign_in().await;
    expiry().await;
    let mut late = browser.clone();
    // The answer with the renewed cookie is on its way while the user signs out.
    assert_eq!(world.notes(&mut late).await, alice());
    assert_ne!(late.cookies, browser.cookies);
    world.logout(&mut browser).await;
    assert!(!browser.names("__Host-").contains(&SESSION));
    browser.cookies = late.cookies;
    assert_eq!(world.notes(&mut browser).await, ended());
}

#[tokio::test]
async fn a_refresh_during_the_sign_out_sets_no_cookie() {
    let world = start_sealed(SHORT).await;
    let mut browser = world.sign_in().await;
    let (mut late, before) = (browser.clone(), browser.cookies[SESSION].clone());
    expiry().await;
    world.issuer.set_token_endpoint(TokenEndpoint::Slow(Duration::from_millis(400)));
    let url = world.url("/notes");
    let late = tokio::spawn(async move {
        late.cookies.insert("__Host-other".to_owned(), "x".to_owned());
        let answer = late.get(&url).await;
        (answer.status.as_u16(), late)
    });
    eventually(|| world.issuer.refreshes() == 1).await;
    world.logout(&mut browser).await;
    let (status, late) = late.await.unwrap();
    assert_eq!((status, &late.cookies[SESSION]), (401, &before));
}

#[tokio::test]
async fn a_sign_out_asks_the_provider_without_a_hint() {
    let world = start_sealed(LONG).await;
    let mut browser = world.sign_in().await;
    let location = world.logout(&mut browser).await;
    assert!(location.starts_with(&world.issuer.end_session_endpoint()), "{location}");
    assert!(location.contains("client_id=notes") && !location.contains("id_token_hint"));
}

#[tokio::test]
async fn a_logout_at_the_provider_ends_sealed_sessions_of_this_process() {
    let world = start_sealed(LONG).await;
    let mut browser = world.sign_in().await;
    assert_eq!(world.issuer.log_out("alice").await.unwrap(), 1);
    assert_eq!(world.notes(&mut browser).await, ended());
    sleep(Duration::from_millis(1100)).await;
    let mut again = world.sign_in().await;
    assert_eq!(world.notes(&mut again).await, alice());
}

#[tokio::test]
async fn an_altered_cookie_is_not_a_session() {
    let world = start_sealed(LONG).await;
    let mut browser = world.sign_in().await;
    let value = browser.cookies[SESSION].clone();
    let (head, tail) = value.split_at(value.len() / 2);
    let other = if tail.starts_with('A') { 'B' } else { 'A' };
    let altered = format!("{head}{other}{}", tail.get(1..).unwrap());
    browser.cookies.insert(SESSION.to_owned(), altered);
    let answer = world.fetch(&mut browser, Method::GET, "/notes").await;
    assert_eq!(answer.status, 401);
    assert!(!world.is_signed_in(&mut browser).await);
    assert_eq!(browser.names("__Host-"), Vec::<&str>::new());
}
