//! The items and their handlers.

use std::sync::{Arc, PoisonError, RwLock};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum_protected::{AccessToken, HasResourceServer, Proof, ResourceServer, Scopes, protected};
use serde::{Deserialize, Serialize};

/// The scopes of this API.
#[derive(Scopes)]
pub(crate) enum Scope {
    /// See items
    #[scope("items:read")]
    Read,
    /// Create items
    #[scope("items:write")]
    Write,
    /// Revoke tokens
    #[scope("revocations:write")]
    Revoke,
}

#[derive(Clone, HasResourceServer)]
pub(crate) struct AppState {
    pub(crate) server: ResourceServer,
    items: Arc<RwLock<Vec<Item>>>,
}

impl AppState {
    pub(crate) fn new(server: ResourceServer) -> Self {
        let items = Arc::default();
        Self { server, items }
    }
}

#[derive(Clone, Serialize)]
pub(crate) struct Item {
    id: usize,
    name: String,
    created_by: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct NewItem {
    name: String,
}

/// The caller, as a handler reads it from the access token.
#[derive(Serialize)]
pub(crate) struct Caller {
    issuer: String,
    subject: Option<String>,
    client: Option<String>,
    tenant: Option<String>,
    roles: Vec<String>,
    scopes: Vec<String>,
    /// The proof of possession that the request presented: `dpop`, `mtls` or null.
    proof: Option<Proof>,
}

#[protected]
pub(crate) async fn whoami(token: AccessToken) -> Json<Caller> {
    Json(Caller {
        issuer: token.issuer().to_owned(),
        subject: token.subject().map(str::to_owned),
        client: token.client().map(str::to_owned),
        tenant: token.tenant().map(str::to_owned),
        roles: token.roles().map(str::to_owned).collect(),
        scopes: token.scopes().map(str::to_owned).collect(),
        proof: token.proof(),
    })
}

#[protected(scope = Scope::Read)]
pub(crate) async fn list(State(state): State<AppState>) -> Json<Vec<Item>> {
    let items = state.items.read().unwrap_or_else(PoisonError::into_inner);
    Json(items.clone())
}

#[protected(scope = Scope::Write)]
pub(crate) async fn create(
    State(state): State<AppState>,
    caller: AccessToken,
    Json(new): Json<NewItem>,
) -> (StatusCode, Json<Item>) {
    let mut items = state.items.write().unwrap_or_else(PoisonError::into_inner);
    let item = Item {
        id: items.len() + 1,
        name: new.name,
        created_by: caller.subject().map(str::to_owned),
    };
    items.push(item.clone());
    (StatusCode::CREATED, Json(item))
}
