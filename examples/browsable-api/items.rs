//! The items and their handlers.

use std::sync::{Arc, PoisonError, RwLock};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum_protected::{AccessToken, HasResourceServer, ResourceServer, Scopes, protected, public};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The scopes, with the descriptions that users see on the sign-in page.
#[derive(Scopes)]
pub(crate) enum Scope {
    /// See items
    #[scope("items:read")]
    Read,
    /// Create and change items
    #[scope("items:write")]
    Write,
}

#[derive(Clone, HasResourceServer)]
pub(crate) struct AppState {
    server: ResourceServer,
    items: Arc<RwLock<Vec<Item>>>,
}

impl AppState {
    pub(crate) fn new(server: ResourceServer) -> Self {
        let items = Arc::default();
        Self { server, items }
    }
}

#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct Item {
    name: String,
    created_by: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct NewItem {
    #[schema(example = "widget")]
    name: String,
}

/// Liveness of the API
#[public(reason = "liveness probe")]
#[utoipa::path(
    get,
    path = "/health",
    responses((status = OK, description = "the API is up", body = str)),
)]
pub(crate) async fn health() -> &'static str {
    "ok"
}

/// All items
#[protected(scope = Scope::Read)]
#[utoipa::path(
    get,
    path = "/api/items",
    responses((status = OK, description = "in the order of creation", body = [Item])),
)]
pub(crate) async fn list(State(state): State<AppState>) -> Json<Vec<Item>> {
    let items = state.items.read().unwrap_or_else(PoisonError::into_inner);
    Json(items.clone())
}

/// A new item
#[protected(scope = Scope::Write)]
#[utoipa::path(
    post,
    path = "/api/items",
    request_body = NewItem,
    responses(
        (status = CREATED, description = "the created item", body = Item),
        (status = BAD_REQUEST, description = "invalid JSON or credentials", content(
            (String = "text/plain"),
            (Object = "application/problem+json"),
        )),
        (status = UNSUPPORTED_MEDIA_TYPE, description = "the content type is not JSON", body = str),
        (status = UNPROCESSABLE_ENTITY, description = "the body is not an item", body = str),
    ),
)]
pub(crate) async fn create(
    State(state): State<AppState>,
    caller: AccessToken,
    Json(new): Json<NewItem>,
) -> (StatusCode, Json<Item>) {
    let mut items = state.items.write().unwrap_or_else(PoisonError::into_inner);
    let item = Item { name: new.name, created_by: caller.subject().map(str::to_owned) };
    items.push(item.clone());
    (StatusCode::CREATED, Json(item))
}
