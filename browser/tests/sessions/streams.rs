//! Responses that last longer than the session.

use std::time::Duration;

use reqwest::header::COOKIE;
use tokio::time::timeout;

use crate::application::{LONG, SESSION, World, start};
use crate::browser::Browser;

async fn stream(world: &World, browser: &Browser) -> reqwest::Response {
    let cookie = format!("{SESSION}={}", browser.cookies[SESSION]);
    let request = reqwest::Client::new().get(world.url("/stream")).header(COOKIE, cookie);
    let mut response = request.send().await.unwrap();
    assert_eq!(response.chunk().await.unwrap().unwrap(), "first\n");
    response
}

#[tokio::test]
async fn a_stream_ends_at_the_logout() {
    let world = start(LONG).await;
    let (mut one, other) = (world.sign_in().await, world.sign_in().await);
    let (mut of_one, mut of_other) = (stream(&world, &one).await, stream(&world, &other).await);
    world.logout(&mut one).await;
    let end = timeout(Duration::from_secs(5), of_one.chunk()).await.unwrap();
    assert!(end.unwrap().is_none());
    let goes_on = timeout(Duration::from_millis(200), of_other.chunk()).await;
    assert!(goes_on.is_err(), "the stream of another session goes on");
    world.issuer.log_out("alice").await.unwrap();
    let end = timeout(Duration::from_secs(5), of_other.chunk()).await.unwrap();
    assert!(end.unwrap().is_none());
}
