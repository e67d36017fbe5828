//! The application under test, which sends news as server-sent events and has an echo websocket.

use std::convert::Infallible;
use std::future::ready;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use axum::response::sse::{Event, Sse};
use axum::routing::{any, get};
use axum_protected::server::WhileValid;
use axum_protected::{
    AccessToken, HasResourceServer, ResourceServer, TokenError, check, protected,
};
use futures_util::stream::{self, Stream, StreamExt};
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tokio::task::AbortHandle;

#[derive(Clone, HasResourceServer)]
struct AppState {
    server: ResourceServer,
    news: broadcast::Sender<&'static str>,
}

type News = Result<Event, Infallible>;

#[protected(scope = "news:read")]
async fn events(
    State(state): State<AppState>,
    token: AccessToken,
) -> Sse<WhileValid<impl Stream<Item = News>>> {
    let items = stream::unfold(state.news.subscribe(), async |mut news| {
        let text = news.recv().await.ok()?;
        Some((text, news))
    });
    let all = stream::once(ready("hello")).chain(items).map(|text| Ok(Event::default().data(text)));
    Sse::new(state.server.while_valid(&token, all))
}

#[protected]
async fn echo(
    State(state): State<AppState>,
    token: AccessToken,
    upgrade: WebSocketUpgrade,
) -> Response {
    let end = state.server.until_invalid(&token);
    upgrade.protocols(["chat"]).on_upgrade(|socket| until(end, socket))
}

/// Runs the websocket until the token becomes invalid, as the guide describes.
async fn until(end: impl Future<Output = TokenError>, mut socket: WebSocket) {
    let error = tokio::select! {
        biased;
        error = end => error,
        () = converse(&mut socket) => return,
    };
    let (code, reason) = (close_code::POLICY, error.kind().code().into());
    let close = socket.send(Message::Close(Some(CloseFrame { code, reason })));
    let _ = tokio::time::timeout(Duration::from_secs(1), close).await;
}

async fn converse(socket: &mut WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        if matches!(message, Message::Text(_)) {
            socket.send(message).await.unwrap();
        }
    }
}

async fn who(token: Option<AccessToken>) -> String {
    let subject = token.as_ref().and_then(AccessToken::subject);
    subject.unwrap_or("nobody").to_owned()
}

#[protected]
async fn me(token: AccessToken) -> String {
    token.subject().unwrap_or("a machine").to_owned()
}

/// Names the place of the request in which the guard and this argument found the token.
#[protected]
async fn place(token: AccessToken) -> String {
    format!("{:?}", token.presentation())
}

#[check]
async fn is_alice(token: AccessToken) -> bool {
    token.subject() == Some("alice")
}

#[protected(check = is_alice)]
async fn of_alice(token: AccessToken) -> String {
    token.subject().unwrap_or("a machine").to_owned()
}

pub(crate) fn router(server: ResourceServer, news: broadcast::Sender<&'static str>) -> Router {
    Router::new()
        .route("/events", get(events))
        .route("/echo", get(echo))
        .route("/me", any(me))
        .route("/place", any(place))
        .route("/who", any(who))
        .route("/alice", any(of_alice))
        .with_state(AppState { server, news })
}

/// The application on a socket. The application stops when `Api` is dropped.
pub(crate) struct Api {
    pub(crate) address: SocketAddr,
    pub(crate) news: broadcast::Sender<&'static str>,
    task: AbortHandle,
}

impl Api {
    pub(crate) async fn serve(server: ResourceServer) -> Self {
        let news = broadcast::Sender::new(8);
        let router = router(server, news.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, news, task: serving.abort_handle() }
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        self.task.abort();
    }
}
