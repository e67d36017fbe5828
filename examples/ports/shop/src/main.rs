//! The stock of a shop: people look at it, and machines of the warehouse change it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, put};
use axum::{Json, Router};

type Stock = BTreeMap<String, u32>;

#[derive(Clone)]
struct AppState {
    stock: Arc<Mutex<Stock>>,
}

impl AppState {
    fn stock(&self) -> MutexGuard<'_, Stock> {
        self.stock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn list(State(state): State<AppState>) -> Json<Stock> {
    Json(state.stock().clone())
}

async fn set(
    State(state): State<AppState>,
    Path(item): Path<String>,
    Json(count): Json<u32>,
) -> StatusCode {
    state.stock().insert(item, count);
    StatusCode::NO_CONTENT
}

async fn count(State(state): State<AppState>) -> String {
    state.stock().len().to_string()
}

fn app(state: AppState) -> Router {
    Router::new()
        .route("/stock", get(list))
        .route("/stock/{item}", put(set))
        .route("/count", get(count))
        .with_state(state)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    let state = AppState { stock: Arc::default() };
    Ok(axum::serve(listener, app(state)).await?)
}
