//! What can be done with orders, and above each who may do it.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum_protected::{Authorized, Claims, protected, public};
use serde::Serialize;

use super::policies::{CanChangeOrders, CanRemoveOrders, owns_order};
use super::scope::Scope;
use super::store::{Content, Order, OrderId};
use super::{AppState, Caller};

/// Open to all, and says why.
#[public(reason = "liveness probe")]
pub(super) async fn health() -> &'static str {
    "ok"
}

/// The caller's own orders. `orders:write` will do too: it implies `orders:read`.
#[protected(scope = Scope::Read)]
pub(super) async fn list(
    State(state): State<AppState>,
    Claims(caller): Claims<Caller>,
) -> Json<Vec<Order>> {
    Json(state.orders.of(&caller.sub))
}

#[protected(scope = Scope::Write)]
pub(super) async fn place(
    State(state): State<AppState>,
    Claims(caller): Claims<Caller>,
    Json(content): Json<Content>,
) -> (StatusCode, Json<Order>) {
    let order = state.orders.place(caller.sub, content);
    (StatusCode::CREATED, Json(order))
}

/// The owner's, and everybody's for who helps customers. The check is not asked where the role or
/// the admin's scope is there.
#[protected(scope = Scope::Read, any(check = owns_order, role = "support", scope = Scope::Admin))]
pub(super) async fn show(
    State(state): State<AppState>,
    Path(id): Path<OrderId>,
) -> Result<Json<Order>, StatusCode> {
    found(state.orders.get(id))
}

/// The handler takes the proof of its policy to pass it on.
#[protected(policy = CanChangeOrders)]
pub(super) async fn replace(
    proof: Authorized<CanChangeOrders>,
    State(state): State<AppState>,
    Path(id): Path<OrderId>,
    Json(content): Json<Content>,
) -> Result<Json<Order>, StatusCode> {
    found(state.orders.replace(&proof, id, content))
}

/// With a token of this morning the answer is 401, and says how to sign in again (RFC 9470).
#[protected(policy = CanRemoveOrders)]
pub(super) async fn remove(
    proof: Authorized<CanRemoveOrders>,
    State(state): State<AppState>,
    Path(id): Path<OrderId>,
) -> Result<StatusCode, StatusCode> {
    found(state.orders.remove(&proof, id)).map(|_| StatusCode::NO_CONTENT)
}

#[derive(Serialize)]
pub(super) struct Report {
    orders: usize,
}

/// No scope: what counts is what the issuer says of the person.
#[protected(any(role = "auditor", claim("department" = "finance")))]
pub(super) async fn report(State(state): State<AppState>) -> Json<Report> {
    let orders = state.orders.count();
    Json(Report { orders })
}

/// Who need not own an order can ask for one that is not there.
fn found(order: Option<Order>) -> Result<Json<Order>, StatusCode> {
    order.map(Json).ok_or(StatusCode::NOT_FOUND)
}
