//! The route that tells a page if its user is signed in.

use axum_protected_testing::TokenEndpoint;
use reqwest::Method;
use serde_json::json;

use crate::application::{LONG, SHORT, expiry, start};
use crate::browser::Browser;

#[tokio::test]
async fn a_page_learns_who_is_signed_in_and_never_a_token() {
    let world = start(LONG).await;
    let signed_out = json!({ "signed_in": false, "login": "/login", "logout": "/logout" });
    assert_eq!(world.session(&mut Browser::new()).await, signed_out);
    let mut browser = world.sign_in().await;
    let mut session = world.session(&mut browser).await;
    let expires_at = session.as_object_mut().unwrap().remove("expires_at").unwrap();
    assert!(expires_at.as_u64().unwrap() > 1_000_000_000);
    let signed_in = json!({
        "signed_in": true, "subject": "alice", "login": "/login", "logout": "/logout",
    });
    assert_eq!(session, signed_in);
}

#[tokio::test]
async fn the_answer_is_the_truth_when_the_provider_has_ended_the_session() {
    let world = start(SHORT).await;
    let mut browser = world.sign_in().await;
    expiry().await;
    assert!(world.is_signed_in(&mut browser).await);
    assert_eq!(world.issuer.refreshes(), 1);
    expiry().await;
    world.issuer.set_token_endpoint(TokenEndpoint::Unavailable);
    let answer = world.fetch(&mut browser, Method::GET, "/session").await;
    assert_eq!(answer.status, 503, "{}", answer.body);
    world.issuer.set_token_endpoint(TokenEndpoint::InvalidGrant);
    tokio::time::sleep(std::time::Duration::from_millis(2050)).await;
    assert!(!world.is_signed_in(&mut browser).await);
    assert_eq!(browser.names("__Host-"), Vec::<&str>::new());
}

#[tokio::test]
async fn other_sites_learn_nothing() {
    let world = start(LONG).await;
    let mut browser = world.sign_in().await;
    for site in ["cross-site", "same-site"] {
        let headers = [("sec-fetch-site", site)];
        let answer = browser.send(Method::GET, &world.url("/session"), &headers).await;
        assert_eq!(answer.status, 403, "{site}");
        assert!(!answer.body.contains("alice"));
    }
}
