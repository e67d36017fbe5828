//! Logouts that the provider starts.

use std::time::Duration;

use axum_protected_testing::TokenEndpoint;
use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use crate::application::{LONG, SHORT, World, alice, ended, eventually, expiry, start};

async fn post(world: &World, content_type: &str, body: &str) -> (u16, String) {
    let request = Client::new()
        .post(world.url("/backchannel-logout"))
        .header(CONTENT_TYPE, content_type)
        .body(body.to_owned());
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    let body: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    (status, body["error"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_logout_at_the_provider_ends_the_sessions_here() {
    let world = start(LONG).await;
    let (mut one, mut other) = (world.sign_in().await, world.sign_in().await);
    assert_eq!(world.notes(&mut one).await, alice());
    assert_eq!(world.issuer.log_out("bob").await.unwrap(), 0);
    assert_eq!(world.notes(&mut one).await, alice());
    assert_eq!(world.issuer.log_out("alice").await.unwrap(), 2);
    for browser in [&mut one, &mut other] {
        assert_eq!(world.notes(browser).await, ended());
        assert!(!world.is_signed_in(browser).await);
    }
    let mut again = world.sign_in().await;
    assert_eq!(world.notes(&mut again).await, alice());
}

#[tokio::test]
async fn a_logout_waits_for_no_refresh_and_the_refresh_does_not_bring_the_session_back() {
    let world = start(SHORT).await;
    let browser = world.sign_in().await;
    expiry().await;
    world.issuer.set_token_endpoint(TokenEndpoint::Slow(Duration::from_secs(1)));
    let (mut late, url) = (browser.clone(), world.url("/notes"));
    let late = tokio::spawn(async move { late.get(&url).await.status.as_u16() });
    eventually(|| world.issuer.refreshes() == 1).await;
    let begin = Instant::now();
    assert_eq!(world.issuer.log_out("alice").await.unwrap(), 1);
    assert!(begin.elapsed() < Duration::from_millis(900), "{:?}", begin.elapsed());
    assert_eq!(late.await.unwrap(), 401);
    assert_eq!(world.notes(&mut browser.clone()).await, ended());
}

#[tokio::test]
async fn what_is_not_a_logout_token_ends_nothing() {
    const FORM: &str = "application/x-www-form-urlencoded";
    let world = start(LONG).await;
    let mut browser = world.sign_in().await;
    let access_token = world.issuer.token().subject("alice").sign();
    let invalid = (400, "invalid_request".to_owned());
    for (content_type, body) in [
        (FORM, String::new()),
        (FORM, "logout_token=x".to_owned()),
        (FORM, format!("logout_token={access_token}")),
        (FORM, format!("logout_token={access_token}&logout_token={access_token}")),
        ("application/json", format!("{{\"logout_token\":\"{access_token}\"}}")),
        (FORM, format!("logout_token={}", "a".repeat(100_000))),
    ] {
        assert_eq!(post(&world, content_type, &body).await, invalid, "{content_type}");
    }
    assert_eq!(world.notes(&mut browser).await, alice());
}

#[tokio::test]
async fn a_body_that_never_ends_does_not_outlive_the_answer() {
    let world = start(LONG).await;
    let address = world.origin.replace("http://localhost", "127.0.0.1");
    let mut connection = TcpStream::connect(address).await.unwrap();
    let request = "POST /backchannel-logout HTTP/1.1\r\nhost: localhost\r\n\
                   content-type: application/x-www-form-urlencoded\r\n\
                   content-length: 1000\r\n\r\nlogout_token=";
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    // The server closes the connection of a body that nobody reads.
    let end = connection.read_to_string(&mut answer);
    timeout(Duration::from_secs(8), end).await.unwrap().unwrap();
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
}
