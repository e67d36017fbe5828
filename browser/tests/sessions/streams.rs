//! Responses that last longer than the session.

use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::header::COOKIE;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

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

type Socket = WebSocketStream<TcpStream>;

async fn socket(world: &World, browser: &Browser, origin: &str) -> Result<Socket, Error> {
    let host = world.origin.strip_prefix("http://").unwrap();
    let mut request = format!("ws://{host}/socket").into_client_request().unwrap();
    let cookie = format!("{SESSION}={}", browser.cookies[SESSION]);
    request.headers_mut().insert("cookie", cookie.parse().unwrap());
    request.headers_mut().insert("origin", origin.parse().unwrap());
    let stream = TcpStream::connect(host).await.unwrap();
    Ok(client_async(request, stream).await?.0)
}

#[tokio::test]
async fn a_websocket_ends_at_the_logout_and_opens_only_for_the_own_origin() {
    let world = start(LONG).await;
    let mut browser = world.sign_in().await;
    for origin in ["http://127.0.0.1:1", "http://evil.example", "null"] {
        let Err(Error::Http(refusal)) = socket(&world, &browser, origin).await else {
            panic!("a page of {origin} opened a websocket");
        };
        assert_eq!(refusal.status(), 403, "{origin}");
    }
    let mut socket = socket(&world, &browser, &world.origin).await.unwrap();
    world.logout(&mut browser).await;
    let last = timeout(Duration::from_secs(5), socket.next()).await.unwrap();
    let Message::Close(Some(frame)) = last.unwrap().unwrap() else { panic!("no close frame") };
    assert_eq!(frame.reason.as_str(), "revoked_token");
}
