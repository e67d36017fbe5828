//! A list of tasks, documented by utoipa 5 and its own router.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(Clone, Serialize, Deserialize, ToSchema)]
struct Task {
    text: String,
    done: bool,
}

#[derive(Clone, Default)]
struct AppState {
    tasks: Arc<Mutex<Vec<Task>>>,
}

impl AppState {
    fn tasks(&self) -> MutexGuard<'_, Vec<Task>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(OpenApi)]
#[openapi(info(title = "tasks", version = "1"))]
struct Description;

/// Lists the tasks.
#[utoipa::path(get, path = "/tasks", responses((status = 200, body = Vec<Task>)))]
async fn list(State(state): State<AppState>) -> Json<Vec<Task>> {
    Json(state.tasks().clone())
}

/// Adds a task.
#[utoipa::path(post, path = "/tasks", responses((status = 201, body = usize)))]
async fn add(State(state): State<AppState>, Json(task): Json<Task>) -> (StatusCode, Json<usize>) {
    let mut tasks = state.tasks();
    tasks.push(task);
    (StatusCode::CREATED, Json(tasks.len() - 1))
}

/// Marks a task as done.
#[utoipa::path(put, path = "/tasks/{index}/done", params(("index" = usize, Path)),
    responses((status = 204), (status = 404)))]
async fn finish(State(state): State<AppState>, Path(index): Path<usize>) -> StatusCode {
    match state.tasks().get_mut(index) {
        Some(task) => task.done = true,
        None => return StatusCode::NOT_FOUND,
    }
    StatusCode::NO_CONTENT
}

fn app(state: AppState) -> Router {
    let (router, document) = OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(list, add))
        .routes(routes!(finish))
        .split_for_parts();
    let text = document.to_json().unwrap_or_default();
    router.route("/openapi.json", axum::routing::get(async || text)).with_state(state)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(axum::serve(listener, app(AppState::default())).await?)
}
