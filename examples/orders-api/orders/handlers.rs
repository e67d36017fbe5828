//! The handlers, each with an attribute that states its access rule.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum_protected::{Authorized, Claims, protected, public};
use serde::Serialize;

use super::policies::{CanChangeOrders, CanRemoveOrders, owns_order};
use super::scope::Scope;
use super::store::{Content, Order, OrderId};
use super::{AppState, Caller};

/// Reports that the API is up. A public handler must state a reason.
#[public(reason = "liveness probe")]
pub(super) async fn health() -> &'static str {
    "ok"
}

/// Lists the caller's own orders. The scope `orders:write` is sufficient too, because it implies
/// `orders:read`.
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

/// Returns an order to the user who placed it, to the support role or to an admin. The check is not
/// called if the token has the support role or the admin scope.
#[protected(scope = Scope::Read, any(check = owns_order, role = "support", scope = Scope::Admin))]
pub(super) async fn show(
    State(state): State<AppState>,
    Path(id): Path<OrderId>,
) -> Result<Json<Order>, StatusCode> {
    found(state.orders.get(id))
}

/// Replaces an order. The handler takes the proof that `CanChangeOrders` is satisfied, and passes
/// the proof to the store.
#[protected(policy = CanChangeOrders)]
pub(super) async fn replace(
    proof: Authorized<CanChangeOrders>,
    State(state): State<AppState>,
    Path(id): Path<OrderId>,
    Json(content): Json<Content>,
) -> Result<Json<Order>, StatusCode> {
    found(state.orders.replace(&proof, id, content))
}

/// Removes an order. If the user signed in more than five minutes ago, the response is a 401 that
/// asks the user to sign in again (RFC 9470).
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

/// Returns the report. A token needs no scope, but must have the role `auditor` or the value
/// `finance` in the claim `department`.
#[protected(any(role = "auditor", claim("department" = "finance")))]
pub(super) async fn report(State(state): State<AppState>) -> Json<Report> {
    let orders = state.orders.count();
    Json(Report { orders })
}

/// Returns the order, or 404 if the order does not exist. A handler may get the id of a missing
/// order, because not every caller has to pass the check that looks up the order.
fn found(order: Option<Order>) -> Result<Json<Order>, StatusCode> {
    order.map(Json).ok_or(StatusCode::NOT_FOUND)
}
