//! A feed of messages: server-sent events for readers, and a websocket for writers.

#[cfg(test)]
mod tests;

use std::convert::Infallible;

use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use axum::response::sse::{Event, Sse};
use axum_protected::router::RouterError;
use axum_protected::routing::{any, get};
use axum_protected::{
    AccessToken, HasResourceServer, ProtectedRouter, ResourceServer, protected, public,
};
use futures_util::{Stream, StreamExt};
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

#[derive(Clone, HasResourceServer)]
struct AppState {
    server: ResourceServer,
    messages: broadcast::Sender<String>,
}

type Item = Result<Event, Infallible>;

#[protected(scope = "feed:read")]
async fn events(
    State(state): State<AppState>,
    token: AccessToken,
) -> Sse<impl Stream<Item = Item>> {
    let messages = BroadcastStream::new(state.messages.subscribe());
    let events = messages.map(|message| Ok(Event::default().data(message.unwrap_or_default())));
    Sse::new(state.server.while_valid(&token, events))
}

#[protected(scope = "feed:write")]
async fn write(
    State(state): State<AppState>,
    token: AccessToken,
    upgrade: WebSocketUpgrade,
) -> Response {
    let end = state.server.until_invalid(&token);
    upgrade.on_upgrade(async |socket| {
        tokio::select! {
            biased;
            _ = end => {}
            () = receive(socket, state.messages) => {}
        }
    })
}

async fn receive(mut socket: WebSocket, messages: broadcast::Sender<String>) {
    while let Some(Ok(Message::Text(text))) = socket.recv().await {
        let readers = messages.send(text.to_string()).unwrap_or_default();
        if socket.send(Message::Text(readers.to_string().into())).await.is_err() {
            return;
        }
    }
}

fn routes() -> ProtectedRouter<AppState> {
    ProtectedRouter::new()
        .route("/events", get(events))
        .route("/write", any(write))
        .route("/", get(public("help", async || "listen at /events, write at /write")))
}

fn app(state: AppState) -> Result<Router, RouterError> {
    routes().with_state(state).into_router()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    let server = ResourceServer::from_env()?;
    let state = AppState { server, messages: broadcast::Sender::new(16) };
    Ok(axum::serve(listener, app(state)?).await?)
}
