//! Tests the websocket that tells of changes.

use std::time::Duration;

use futures_util::StreamExt;
use reqwest::Method;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::app::Provider;
use super::browser::Browser;

/// Opens the websocket as a script of a page with this origin. Returns the status of a refusal.
async fn open(browser: &Browser, origin: &str) -> Result<WebSocketStream<TcpStream>, u16> {
    let port = browser.app.port().unwrap();
    let url = format!("ws://localhost:{port}/api/changes");
    let mut request = url.into_client_request().unwrap();
    // Browsers send no headers of Fetch Metadata with a websocket.
    request.headers_mut().insert("origin", origin.parse().unwrap());
    request.headers_mut().insert("cookie", browser.cookies().parse().unwrap());
    let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    match client_async(request, stream).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(response)) => Err(response.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

async fn next(socket: &mut WebSocketStream<TcpStream>) -> Message {
    timeout(Duration::from_secs(10), socket.next()).await.unwrap().unwrap().unwrap()
}

/// Waits until the program closes the websocket, and returns the reason.
async fn close_reason(socket: &mut WebSocketStream<TcpStream>) -> String {
    match next(socket).await {
        Message::Close(Some(frame)) => frame.reason.to_string(),
        message => panic!("{message:?}"),
    }
}

#[tokio::test]
async fn a_page_is_told_of_the_changes_of_its_user() {
    let provider = Provider::start(Duration::from_secs(60)).await;
    let app = provider.start_app(&[]);
    let [mut alice, mut bob] = [app.browser(), app.browser()];
    alice.sign_in("alice").await;
    bob.sign_in("bob").await;
    let mut socket = open(&alice, &app.origin).await.unwrap();
    for browser in [&mut bob, &mut alice] {
        let added = browser.fetch(Method::POST, "/api/notes", Some(r#"{"text":"milk"}"#)).await;
        assert_eq!(added.status, 201, "{added:?}");
    }
    assert_eq!(next(&mut socket).await, Message::text("changed"));

    // The change of `bob` was not told: the next message is the end.
    provider.server.log_out("alice").await.unwrap();
    assert_eq!(close_reason(&mut socket).await, "revoked_token");
    assert_eq!(open(&alice, &app.origin).await.unwrap_err(), 401);
}

#[tokio::test]
async fn a_websocket_ends_with_its_token_and_the_next_one_has_a_new_token() {
    let provider = Provider::start(Duration::from_secs(1)).await;
    let app = provider.start_app(&[]);
    let mut browser = app.browser();
    browser.sign_in("alice").await;
    let mut socket = open(&browser, &app.origin).await.unwrap();
    assert_eq!(close_reason(&mut socket).await, "expired_token");
    open(&browser, &app.origin).await.unwrap();
}

#[tokio::test]
async fn a_page_of_another_origin_cannot_open_the_websocket() {
    let provider = Provider::start(Duration::from_secs(60)).await;
    let app = provider.start_app(&[]);
    let mut browser = app.browser();
    browser.sign_in("alice").await;
    for origin in ["http://localhost:1", "https://evil.example", "null"] {
        assert_eq!(open(&browser, origin).await.unwrap_err(), 403, "{origin}");
    }
}
