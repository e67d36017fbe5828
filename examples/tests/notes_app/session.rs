//! Tests how sessions are renewed and end, with a provider of the tests.

use std::time::Duration;

use reqwest::Method;

use super::app::Provider;
use axum_protected_testing::TokenEndpoint;

/// The lifetime of the tokens that expire during a test, and a time after which they have expired.
const LIFETIME: Duration = Duration::from_secs(1);
const AFTER_EXPIRY: Duration = Duration::from_millis(1500);

#[tokio::test]
async fn an_expired_session_renews_itself() {
    let provider = Provider::start(LIFETIME).await;
    let app = provider.start_app(&[]);
    let mut browser = app.browser();
    browser.sign_in("alice").await;
    let before = provider.server.refreshes();
    for expiry in 1..=2 {
        tokio::time::sleep(AFTER_EXPIRY).await;
        let notes = browser.fetch(Method::GET, "/api/notes", None).await;
        assert_eq!(notes.status, 200, "{notes:?}");
        assert_eq!(provider.server.refreshes(), before + expiry);
    }
}

#[tokio::test]
async fn a_session_ends_when_the_provider_does_not_renew_it() {
    let provider = Provider::start(LIFETIME).await;
    let app = provider.start_app(&[]);
    let mut browser = app.browser();
    browser.sign_in("alice").await;
    provider.server.set_token_endpoint(TokenEndpoint::Unavailable);
    tokio::time::sleep(AFTER_EXPIRY).await;
    let refused = browser.fetch(Method::GET, "/api/notes", None).await;
    assert_eq!((refused.status, refused.code().as_str()), (503, "session_unavailable"));

    provider.server.set_token_endpoint(TokenEndpoint::Available);
    let wait = refused.header("retry-after").parse().unwrap();
    tokio::time::sleep(Duration::from_secs(wait)).await;
    assert_eq!(browser.fetch(Method::GET, "/api/notes", None).await.status, 200);

    provider.server.set_token_endpoint(TokenEndpoint::InvalidGrant);
    tokio::time::sleep(AFTER_EXPIRY).await;
    let refused = browser.fetch(Method::GET, "/api/notes", None).await;
    assert_eq!((refused.status, refused.code().as_str()), (401, "session_ended"));
    assert_eq!(browser.fetch(Method::GET, "/session", None).await.json()["signed_in"], false);
}

#[tokio::test]
async fn a_logout_at_the_provider_ends_all_sessions_of_the_user() {
    let provider = Provider::start(Duration::from_secs(60)).await;
    let app = provider.start_app(&[]);
    let [mut first, mut second, mut other] = [app.browser(), app.browser(), app.browser()];
    first.sign_in("alice").await;
    second.sign_in("alice").await;
    other.sign_in("bob").await;
    // The program has accepted the logout token of each session.
    assert_eq!(provider.server.log_out("alice").await.unwrap(), 2);
    for browser in [&mut first, &mut second] {
        let refused = browser.fetch(Method::GET, "/api/notes", None).await;
        assert_eq!((refused.status, refused.code().as_str()), (401, "session_ended"));
        assert_eq!(browser.fetch(Method::GET, "/session", None).await.json()["signed_in"], false);
        let page = browser.open("/print").await;
        assert_eq!(page.status, 401);
        assert!(page.body.contains("your session has ended"), "{page:?}");
    }
    assert_eq!(other.fetch(Method::GET, "/api/notes", None).await.status, 200);
    first.sign_in("alice").await;
    assert_eq!(first.fetch(Method::GET, "/api/notes", None).await.status, 200);
}

#[tokio::test]
async fn a_sign_out_ends_the_session_at_the_provider() {
    let provider = Provider::start(Duration::from_secs(60)).await;
    let app = provider.start_app(&[]);
    let mut browser = app.browser();
    browser.sign_in("alice").await;
    let answer = browser.fetch(Method::POST, "/logout", None).await;
    let location = answer.json()["location"].as_str().unwrap().to_owned();
    assert!(location.ends_with("/logout/provider"), "{location}");
    browser.navigate(location.parse().unwrap(), "same-origin").await;
    assert_eq!(provider.server.log_out("alice").await.unwrap(), 0);
}
