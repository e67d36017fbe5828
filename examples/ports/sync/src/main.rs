//! A server that keeps the bookmarks of devices in step. It is generic over its database.

mod memory;
#[cfg(test)]
mod tests;

use std::future::Future;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Json, Router};
use axum_protected::router::RouterError;
use axum_protected::routing::get;
use axum_protected::{
    AccessToken, HasResourceServer, ProtectedRouter, ResourceServer, check, protected, public,
};

use memory::Memory;

/// The database: a list of bookmarks for each collection, and a version that grows with each change.
trait Repository: Clone + Send + Sync + 'static {
    fn owner(&self, collection: u64) -> impl Future<Output = Option<String>> + Send;
    fn read(&self, collection: u64) -> impl Future<Output = Vec<String>> + Send;
    fn write(&self, collection: u64, links: Vec<String>) -> impl Future<Output = u64> + Send;
    fn version(&self) -> impl Future<Output = u64> + Send;
}

#[derive(Clone, HasResourceServer)]
struct AppState<R> {
    server: ResourceServer,
    repository: R,
}

#[check(state = AppState<R>)]
async fn owns<R: Repository>(
    State(state): State<AppState<R>>,
    Path(collection): Path<u64>,
    caller: AccessToken,
) -> bool {
    let owner = state.repository.owner(collection).await;
    owner.is_some() && owner.as_deref() == caller.subject()
}

#[protected(scope = "bookmarks:read", check = owns)]
async fn read<R: Repository>(
    State(state): State<AppState<R>>,
    Path(collection): Path<u64>,
) -> Json<Vec<String>> {
    Json(state.repository.read(collection).await)
}

#[protected(scope = "bookmarks:write", check = owns)]
async fn write<R: Repository>(
    State(state): State<AppState<R>>,
    Path(collection): Path<u64>,
    Json(links): Json<Vec<String>>,
) -> String {
    state.repository.write(collection, links).await.to_string()
}

#[protected]
async fn version<R: Repository>(State(state): State<AppState<R>>) -> String {
    state.repository.version().await.to_string()
}

fn routes<R: Repository>() -> ProtectedRouter<AppState<R>> {
    ProtectedRouter::new()
        .route("/collections/{collection}", get(read::<R>).put(write::<R>))
        .route("/version", get(version::<R>))
        .route("/health", get(public("liveness probe", async || StatusCode::NO_CONTENT)))
}

fn app<R: Repository>(state: AppState<R>) -> Result<Router, RouterError> {
    routes().with_state(state).into_router()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    let server = ResourceServer::from_env()?;
    let state = AppState { server, repository: Memory::default() };
    Ok(axum::serve(listener, app(state)?).await?)
}
