//! Tests websockets over real HTTP. The close frame contains the code of the refusal.

use axum_protected::api_key::{ApiKey, ApiKeys};
use axum_protected::revocation::Revocation;
use axum_protected_tests::{ScriptedIssuer, bounded};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::api::Api;
use super::{LIFETIME, fixed, lasting, warm, whole_seconds};

/// Opens a websocket with the request that `new WebSocket(url, protocols)` sends in a browser.
async fn open(api: &Api, protocols: &[&str]) -> Result<WebSocketStream<TcpStream>, Error> {
    let url = format!("ws://{}/echo", api.address);
    let mut request = url.into_client_request().unwrap();
    let offered = protocols.join(", ").parse().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", offered);
    let stream = TcpStream::connect(api.address).await.unwrap();
    let opened = bounded("a handshake", client_async(request, stream)).await;
    let (socket, response) = opened?;
    let chosen = &response.headers()["sec-websocket-protocol"];
    assert_eq!(chosen, "chat", "the server must not select the token as the protocol");
    Ok(socket)
}

/// A websocket handshake may present an API key in its header.
#[tokio::test]
async fn a_websocket_ends_with_its_api_key() {
    let key = ApiKeys::generate("ci").unwrap();
    let keys = ApiKeys::new().key(ApiKey::new(key.digest()).subject("ci"));
    let server = fixed().websocket_protocol_token().api_keys(keys).build().unwrap();
    let api = Api::serve(server.clone()).await;
    let open = async |protocols: &str| {
        let mut request = format!("ws://{}/echo", api.address).into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", protocols.parse().unwrap());
        request.headers_mut().insert("x-api-key", key.key().parse().unwrap());
        let stream = TcpStream::connect(api.address).await.unwrap();
        bounded("a handshake", client_async(request, stream)).await
    };
    let Err(Error::Http(refusal)) = open("chat, bearer.abc").await else {
        panic!("a key and a token were accepted");
    };
    assert_eq!(refusal.status(), 400);
    let (mut socket, _) = open("chat").await.unwrap();
    socket.send(Message::text("one")).await.unwrap();
    let echo = bounded("an echo", socket.next()).await.unwrap().unwrap();
    assert_eq!(echo, Message::text("one"));
    server.api_keys().replace([]).unwrap();
    let last = bounded("the end", socket.next()).await.unwrap().unwrap();
    let Message::Close(Some(frame)) = last else {
        panic!("{last:?}");
    };
    assert_eq!(frame.reason.as_str(), "unknown_api_key");
}

#[tokio::test]
async fn a_websocket_of_a_browser_ends_with_its_token() {
    let issuer = ScriptedIssuer::start().await;
    let (server, _) = warm(&issuer).await;
    let api = Api::serve(server.clone()).await;
    let token = format!("bearer.{}", lasting(issuer.token()).sign());
    let mut socket = open(&api, &["chat", &token]).await.unwrap();
    socket.send(Message::text("one")).await.unwrap();
    let echo = bounded("an echo", socket.next()).await.unwrap().unwrap();
    assert_eq!(echo, Message::text("one"));
    let revocation = Revocation::token(issuer.url(), "j1");
    let until = whole_seconds() + LIFETIME;
    let revoked = server.revocations().revoke(revocation, until);
    revoked.await.unwrap();
    let last = bounded("the end", socket.next()).await.unwrap().unwrap();
    let Message::Close(Some(frame)) = last else {
        panic!("{last:?}");
    };
    assert_eq!(frame.code, CloseCode::Policy);
    assert_eq!(frame.reason.as_str(), "revoked_token");
    let Err(Error::Http(refusal)) = open(&api, &["chat", &token]).await else {
        panic!("the websocket did not end");
    };
    assert_eq!(refusal.status(), 401);
}
