//! A blog whose readers and authors are in the tables of a database.

mod database;

use std::sync::{Arc, Mutex};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use database::Database;

#[derive(Clone, Serialize, Deserialize)]
struct Post {
    author: String,
    text: String,
}

#[derive(Clone)]
struct AppState {
    database: Arc<Mutex<Database>>,
}

async fn posts(State(state): State<AppState>) -> Json<Vec<Post>> {
    Json(state.database().posts())
}

async fn write(State(state): State<AppState>, Json(post): Json<Post>) -> (StatusCode, String) {
    (StatusCode::CREATED, state.database().add(&post).to_string())
}

async fn edit(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    Json(post): Json<Post>,
) -> Result<Json<Post>, StatusCode> {
    state.database().post(id).ok_or(StatusCode::NOT_FOUND)?;
    state.database().replace(id, &post.text);
    Ok(Json(post))
}

async fn remove(State(state): State<AppState>, Path(id): Path<i64>) -> StatusCode {
    state.database().remove(id);
    StatusCode::NO_CONTENT
}

fn app(state: AppState) -> Router {
    Router::new()
        .route("/posts", get(posts).post(write))
        .route("/posts/{id}", post(edit).delete(remove))
        .with_state(state)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    let database = Arc::new(Mutex::new(Database::open()?));
    Ok(axum::serve(listener, app(AppState { database })).await?)
}
