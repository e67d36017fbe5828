//! A list of tasks, documented by utoipa 5.

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Json, Router};
use axum_protected::router::RouterError;
use axum_protected::routing::{get, put};
use axum_protected::{HasResourceServer, ProtectedRouter, ResourceServer, protected, public};
use serde::{Deserialize, Serialize};
use utoipa::{Modify, OpenApi, ToSchema};

#[derive(Clone, Serialize, Deserialize, ToSchema)]
struct Task {
    text: String,
    done: bool,
}

#[derive(Clone, HasResourceServer)]
struct AppState {
    server: ResourceServer,
    tasks: Arc<Mutex<Vec<Task>>>,
}

impl AppState {
    fn tasks(&self) -> MutexGuard<'_, Vec<Task>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(OpenApi)]
#[openapi(info(title = "tasks", version = "1"), paths(list, add, finish))]
struct Description;

/// Lists the tasks.
#[protected(scope = "tasks:read")]
#[utoipa::path(get, path = "/tasks", responses((status = 200, body = Vec<Task>)))]
async fn list(State(state): State<AppState>) -> Json<Vec<Task>> {
    Json(state.tasks().clone())
}

/// Adds a task.
#[protected(scope = "tasks:write")]
#[utoipa::path(post, path = "/tasks", responses((status = 201, body = usize)))]
async fn add(State(state): State<AppState>, Json(task): Json<Task>) -> (StatusCode, Json<usize>) {
    let mut tasks = state.tasks();
    tasks.push(task);
    (StatusCode::CREATED, Json(tasks.len() - 1))
}

/// Marks a task as done.
#[protected(scope = "tasks:write")]
#[utoipa::path(put, path = "/tasks/{index}/done", params(("index" = usize, Path)),
    responses((status = 204), (status = 404)))]
async fn finish(State(state): State<AppState>, Path(index): Path<usize>) -> StatusCode {
    match state.tasks().get_mut(index) {
        Some(task) => task.done = true,
        None => return StatusCode::NOT_FOUND,
    }
    StatusCode::NO_CONTENT
}

fn routes() -> ProtectedRouter<AppState> {
    let description = async |State(state): State<AppState>| {
        let mut document = Description::openapi();
        state.server.openapi_security().modify(&mut document);
        Json(document)
    };
    ProtectedRouter::new()
        .route("/tasks", get(list).post(add))
        .route("/tasks/{index}/done", put(finish))
        .route("/openapi.json", get(public("description of the API", description)))
}

fn app(state: AppState) -> Result<Router, RouterError> {
    routes().with_state(state).into_router()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    let state = AppState { server: ResourceServer::from_env()?, tasks: Arc::default() };
    Ok(axum::serve(listener, app(state)?).await?)
}
