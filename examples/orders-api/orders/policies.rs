//! Who may change an order, and what is asked to know it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum_protected::{Claims, Policy, check};

use super::scope::Scope;
use super::store::OrderId;
use super::{AppState, Caller};

/// Asked only where the token allows so much that the answer matters.
#[check]
pub(super) async fn owns_order(
    Path(id): Path<OrderId>,
    State(state): State<AppState>,
    Claims(caller): Claims<Caller>,
) -> Result<bool, StatusCode> {
    let order = state.orders.get(id).ok_or(StatusCode::NOT_FOUND)?;
    Ok(order.owner == caller.sub)
}

/// The owner and the admin may, with a token that allows changes at all. The owner comes first: of
/// alternatives a refusal asks for the scopes of the first, and few should ask for the admin's.
#[derive(Policy)]
#[policy(scope = Scope::Write, any(check = owns_order, scope = Scope::Admin))]
pub(super) struct CanChangeOrders;

/// The same people, when they have just signed in with a passkey or alike: what is removed is gone.
#[derive(Policy)]
#[policy(policy = CanChangeOrders, acr = "phr", max_age = "5m")]
pub(super) struct CanRemoveOrders;
