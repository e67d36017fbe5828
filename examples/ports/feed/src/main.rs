//! A feed of messages: server-sent events for readers, and a websocket for writers.

use std::convert::Infallible;

use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use axum::response::sse::{Event, Sse};
use axum::routing::{any, get};
use futures_util::{Stream, StreamExt};
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

#[derive(Clone)]
struct AppState {
    messages: broadcast::Sender<String>,
}

type Item = Result<Event, Infallible>;

async fn events(State(state): State<AppState>) -> Sse<impl Stream<Item = Item>> {
    let messages = BroadcastStream::new(state.messages.subscribe());
    Sse::new(messages.map(|message| Ok(Event::default().data(message.unwrap_or_default()))))
}

async fn write(State(state): State<AppState>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(|socket| receive(socket, state.messages))
}

async fn receive(mut socket: WebSocket, messages: broadcast::Sender<String>) {
    while let Some(Ok(Message::Text(text))) = socket.recv().await {
        let readers = messages.send(text.to_string()).unwrap_or_default();
        if socket.send(Message::Text(readers.to_string().into())).await.is_err() {
            return;
        }
    }
}

fn app(state: AppState) -> Router {
    Router::new()
        .route("/events", get(events))
        .route("/write", any(write))
        .route("/", get(async || "listen at /events, write at /write"))
        .with_state(state)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    let state = AppState { messages: broadcast::Sender::new(16) };
    Ok(axum::serve(listener, app(state)).await?)
}
