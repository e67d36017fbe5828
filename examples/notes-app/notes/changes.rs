//! A websocket that tells the page when the notes of its user change.

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use axum_protected::{AccessToken, Claims, TokenError, protected};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::timeout;

use super::{AppState, Caller, Scope};

/// The time that a slow page has to take a message.
const PATIENCE: Duration = Duration::from_secs(5);

/// Sends the text `changed` after each change. The websocket ends when the session or its token
/// ends. The page then opens another one, for which the backend renews the token.
#[protected(scope = Scope::Read)]
pub(super) async fn changes(
    State(state): State<AppState>,
    token: AccessToken,
    Claims(caller): Claims<Caller>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let end = state.server.until_invalid(&token);
    let changes = state.notes.changes();
    upgrade.on_upgrade(|socket| tell_until(end, socket, changes, caller.sub))
}

async fn tell_until(
    end: impl Future<Output = TokenError>,
    mut socket: WebSocket,
    changes: Receiver<String>,
    user: String,
) {
    let error = tokio::select! {
        biased;
        error = end => error,
        () = tell(&mut socket, changes, &user) => return,
    };
    let reason = error.kind().code().into();
    send(&mut socket, Message::Close(Some(CloseFrame { code: close_code::POLICY, reason }))).await;
}

/// Tells the page of changes until the page closes the websocket.
async fn tell(socket: &mut WebSocket, mut owners: Receiver<String>, user: &str) {
    loop {
        let is_changed = tokio::select! {
            owner = owners.recv() => match owner {
                Ok(owner) => owner == user,
                // The notes of the user may be among the changes that were missed.
                Err(RecvError::Lagged(_)) => true,
                Err(RecvError::Closed) => return,
            },
            message = socket.recv() => match message {
                Some(Ok(_)) => false,
                Some(Err(_)) | None => return,
            },
        };
        if is_changed && !send(socket, Message::Text("changed".into())).await {
            return;
        }
    }
}

/// Sends a message. Returns false if the page does not take it in time.
async fn send(socket: &mut WebSocket, message: Message) -> bool {
    matches!(timeout(PATIENCE, socket.send(message)).await, Ok(Ok(())))
}
