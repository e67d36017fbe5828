//! The stock of a shop: people look at it, and machines of the warehouse change it.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Json, Router};
use axum_protected::api_key::{ApiKey, ApiKeys, KeyDigest};
use axum_protected::router::RouterError;
use axum_protected::routing::{get, put};
use axum_protected::{
    ConfigError, HasResourceServer, ProtectedRouter, ResourceServer, ResourceServerBuilder,
    protected, public,
};

type Stock = BTreeMap<String, u32>;

#[derive(Clone, HasResourceServer)]
struct AppState {
    server: ResourceServer,
    stock: Arc<Mutex<Stock>>,
}

impl AppState {
    fn stock(&self) -> MutexGuard<'_, Stock> {
        self.stock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[protected(scope = "stock:read")]
async fn list(State(state): State<AppState>) -> Json<Stock> {
    Json(state.stock().clone())
}

#[protected(issuer = "api-keys", scope = "stock:write")]
async fn set(
    State(state): State<AppState>,
    Path(item): Path<String>,
    Json(count): Json<u32>,
) -> StatusCode {
    state.stock().insert(item, count);
    StatusCode::NO_CONTENT
}

#[public(reason = "shown on the page of the shop")]
async fn count(State(state): State<AppState>) -> String {
    state.stock().len().to_string()
}

fn routes() -> ProtectedRouter<AppState> {
    ProtectedRouter::new()
        .route("/stock", get(list))
        .route("/stock/{item}", put(set))
        .route("/count", get(count))
}

fn app(state: AppState) -> Result<Router, RouterError> {
    routes().with_state(state).into_router()
}

/// Makes the server: tokens of people, and the key of the scanner in the warehouse.
fn server(
    builder: ResourceServerBuilder,
    scanner: KeyDigest,
) -> Result<ResourceServer, ConfigError> {
    let scanner = ApiKey::new(scanner).subject("scanner").scopes(["stock:write"]);
    builder.api_keys(ApiKeys::new().key(scanner)).build()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    let tokens = ResourceServer::builder()
        .issuer("https://id.example.com")
        .audience("https://shop.example.com");
    let server = server(tokens, std::env::var("SCANNER_KEY_SHA256")?.parse()?)?;
    Ok(axum::serve(listener, app(AppState { server, stock: Arc::default() })?).await?)
}
