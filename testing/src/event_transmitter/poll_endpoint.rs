//! The poll endpoint (RFC 8936 section 2).

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::JsonRejection;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::time::{Instant, timeout_at};

use super::{State, lock};

/// The longest time for which the endpoint holds a request.
const HOLD: Duration = Duration::from_secs(25);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PollRequest {
    max_events: Option<usize>,
    #[serde(default)]
    return_immediately: bool,
    #[serde(default)]
    ack: Vec<String>,
    #[serde(default)]
    set_errs: Map<String, Value>,
}

pub(super) fn router(state: &Arc<State>) -> Router {
    Router::new().route("/poll", post(poll)).with_state(Arc::clone(state))
}

async fn poll(
    axum::extract::State(state): axum::extract::State<Arc<State>>,
    headers: HeaderMap,
    request: Result<Json<PollRequest>, JsonRejection>,
) -> Response {
    let required = lock(&state.authorization).clone();
    let presented = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    if required.is_some() && presented != required.as_deref() {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Ok(Json(request)) = request else { return StatusCode::BAD_REQUEST.into_response() };
    // The changes are watched before the events are read, so that none is missed between.
    let mut changes = state.changes.subscribe();
    lock(&state.stream).record(request.ack, request.set_errs);
    state.changes.send_replace(());
    let limit = request.max_events.unwrap_or(usize::MAX);
    let deadline = Instant::now() + HOLD;
    loop {
        let (sets, more_available) = lock(&state.stream).next(limit);
        let is_over = request.return_immediately || limit == 0 || !sets.is_empty();
        if is_over || !matches!(timeout_at(deadline, changes.changed()).await, Ok(Ok(()))) {
            let answer = json!({ "sets": sets, "moreAvailable": more_available });
            return Json(answer).into_response();
        }
    }
}
