//! A server that keeps the bookmarks of devices in step. It is generic over its database.

mod memory;

use std::future::Future;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};

use memory::Memory;

/// The database: a list of bookmarks for each collection, and a version that grows with each change.
trait Repository: Clone + Send + Sync + 'static {
    fn read(&self, collection: u64) -> impl Future<Output = Vec<String>> + Send;
    fn write(&self, collection: u64, links: Vec<String>) -> impl Future<Output = u64> + Send;
    fn version(&self) -> impl Future<Output = u64> + Send;
}

#[derive(Clone)]
struct AppState<R> {
    repository: R,
}

async fn read<R: Repository>(
    State(state): State<AppState<R>>,
    Path(collection): Path<u64>,
) -> Json<Vec<String>> {
    Json(state.repository.read(collection).await)
}

async fn write<R: Repository>(
    State(state): State<AppState<R>>,
    Path(collection): Path<u64>,
    Json(links): Json<Vec<String>>,
) -> String {
    state.repository.write(collection, links).await.to_string()
}

async fn version<R: Repository>(State(state): State<AppState<R>>) -> String {
    state.repository.version().await.to_string()
}

fn app<R: Repository>(state: AppState<R>) -> Router {
    Router::new()
        .route("/collections/{collection}", get(read::<R>).put(write::<R>))
        .route("/version", get(version::<R>))
        .route("/health", get(async || StatusCode::NO_CONTENT))
        .with_state(state)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    let state = AppState { repository: Memory::default() };
    Ok(axum::serve(listener, app(state)).await?)
}
